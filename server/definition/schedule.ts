import cron from 'node-cron';

export type Schedule =
  | { readonly ok: true; readonly expression: string; readonly longestGapMs: number }
  | { readonly ok: false; readonly message: string };

/** A cron expression as node-cron reads it; five fields mean second 0. `longestGapMs` is within one ordinary day. */
export function readSchedule(text: string): Schedule {
  const trimmed = text.trim();
  const expression = trimmed.split(/\s+/).length === 5 ? `0 ${trimmed}` : trimmed;
  const checked = cron.validateDetailed(expression);
  if (!checked.valid || !checked.fields || !cron.validate(expression)) {
    const why = checked.errors.map((error) => error.message).join('; ');
    return { ok: false, message: `schedule "${text}" is no cron expression with seconds${why ? `: ${why}` : ''}` };
  }
  const { second, minute, hour } = checked.fields;
  return { ok: true, expression, longestGapMs: longestGap(hour, minute, second) * 1000 };
}

function longestGap(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]): number {
  const times = hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => (h * 60 + m) * 60 + s)));
  const sorted = times.sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  return Math.max(...sorted.map((time, i) => (sorted[i + 1] ?? first + 86_400) - time));
}
