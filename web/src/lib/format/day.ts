/** A run of quarter hours at one level: 1-4, or 0 for unknown. Quarter hours that were not recorded are in no run. */
export interface Run {
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** Quarter hours from local midnight; `to` is one past the last. */
  readonly from: number;
  readonly to: number;
}

/** Level in one character of `Unit.day`; null where nothing was recorded. */
export function levelOfQuarter(mark: string | undefined): Run['level'] | null {
  switch (mark) {
    case '1':
      return 1;
    case '2':
      return 2;
    case '3':
      return 3;
    case '4':
      return 4;
    case '?':
      return 0;
    default:
      return null;
  }
}

/** Runs of equal level from `from` to `to`, nothing after the quarter that holds `now`. */
export function runsOfDay(day: string, from: number, to: number, now: number): Run[] {
  const runs: { level: Run['level']; from: number; to: number }[] = [];
  for (let quarter = from; quarter < to && quarter <= now; quarter += 1) {
    const level = levelOfQuarter(day[quarter]);
    const last = runs.at(-1);
    if (level === null) continue;
    if (last && last.level === level && last.to === quarter) last.to = quarter + 1;
    else runs.push({ level, from: quarter, to: quarter + 1 });
  }
  return runs;
}
