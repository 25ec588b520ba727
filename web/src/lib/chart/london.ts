// Temporal is not in every browser yet and its polyfill may not be in the first load, so the axis asks Intl.
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Local wall-clock minutes after midnight in London; fractions for seconds. */
export function londonMinutes(at: number): number {
  const [hour = 0, minute = 0, second = 0] = parts.format(at).split(':').map(Number);
  return hour * 60 + minute + second / 60;
}

/** Epoch milliseconds at which the London day that holds `at` began, also on the days when clocks change. */
export function londonDayStart(at: number): number {
  const whole = Math.floor(at / 60_000) * 60_000;
  const guess = whole - Math.floor(londonMinutes(whole)) * 60_000;
  const off = londonMinutes(guess);
  if (off === 0) return guess;
  // The clocks changed between midnight and `at`: the guess is an hour early (23:00) or late (01:00).
  return guess + (off > 720 ? (1440 - off) * 60_000 : -off * 60_000);
}

/** Epoch milliseconds of a wall-clock hour (0 to 24) on the London day that holds `at`. */
export function londonHour(at: number, hour: number): number {
  const start = londonDayStart(at);
  if (hour >= 24) return londonDayStart(start + DAY + 2 * HOUR);
  const guess = start + hour * HOUR;
  const off = ((hour * 60 - londonMinutes(guess) + 720 + 1440) % 1440) - 720;
  return guess + off * 60_000;
}

/** A moment as people say it on the London clock: 9:42am, 5pm, midday, midnight. */
export function sayClock(at: number): string {
  const minutes = Math.floor(londonMinutes(at));
  const hour = Math.floor(minutes / 60);
  const minute = minutes % 60;
  if (minute === 0 && hour === 12) return 'midday';
  if (minute === 0 && hour === 0) return 'midnight';
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, '0')}` : ''}${hour < 12 ? 'am' : 'pm'}`;
}
