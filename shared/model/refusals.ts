/** Why a lead refuses; each with the words that are shown. */
export const REFUSALS = {
  'too-far': 'Too far for our patients',
  'not-suitable': 'Not suitable for who waits',
  'placed-already': 'They are placed already',
  'hub-needed': 'The hub is needed for others',
} as const;
export type Refusal = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly Refusal[];
