/** How a mark of the feeds screen looks, by the letter that stands for it in a block's `states`. */
export const MARKS = {
  o: 'on time',
  l: 'late',
  t: 'throttled',
  u: 'unreachable',
  r: 'faulty',
  p: 'paused by us',
  c: 'closed now',
  n: 'not onboarded',
  q: 'not asked yet',
} as const;
export type Mark = keyof typeof MARKS;
