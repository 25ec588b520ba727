/** A stretch of equal quarter hours on a wall's strip. Indices count quarters from the strip's left edge. */
export interface Run {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** 1-4; 0 is unknown; null is not recorded. */
  readonly level: 0 | 1 | 2 | 3 | 4 | null;
  /** The digit to write where the run starts; null where it would only repeat or not fit. */
  readonly digit: string | null;
}

const levelOf = (mark: string | undefined): Run['level'] => {
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
};

/**
 * Runs of a unit's day string (a character a quarter hour from midnight) between two quarters. A digit stands where a
 * run above level 1 starts, if the run has room for it and the badge beside the strip does not say it anyway.
 */
export function runsOf(day: string, first: number, last: number, now: number): Run[] {
  const runs: Run[] = [];
  const end = Math.min(last, now + 1);
  for (let i = first; i < end;) {
    const level = levelOf(day[i]);
    let j = i;
    while (j < end && levelOf(day[j]) === level) j++;
    const loud = level === 0 || (level !== null && level > 1);
    const fits = j - i > 1;
    runs.push({
      from: i - first,
      to: j - first,
      level,
      digit: loud && fits ? (level === 0 ? '?' : String(level)) : null,
    });
    i = j;
  }
  return runs.filter((run) => run.level !== null);
}

/** Quarter of the day (from local midnight) that holds this local minute. */
export function quarterOf(localMinute: number): number {
  return Math.min(95, Math.max(0, Math.floor(localMinute / 15)));
}
