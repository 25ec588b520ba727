import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { LevelChange } from '../ports.ts';
import { isJudged, isLevel } from './track.ts';

/** Compares what a back-test says of a unit with the levels that were recorded by the same rules. */
export interface Agreement {
  /** Changes as they were recorded, ascending; before the minutes they lie in are compared. */
  take(changes: readonly LevelChange[]): void;
  /** The minute that ends at `until`. */
  compare(unit: string, until: EpochMs, state: number): void;
  /** Share of the compared minutes that agree, 0 to 1; null: none could be compared. */
  share(): number | null;
}

interface Line {
  readonly changes: LevelChange[];
  next: number;
  level: Level | null;
  comparable: boolean;
}

/** `rules`: `<version>/<hash>` of the side that is compared. Levels judged by others say nothing of it. */
export function createAgreement(rules: string): Agreement {
  const lines = new Map<string, Line>();
  let [agreed, compared] = [0, 0];
  return {
    take(changes) {
      for (const line of lines.values()) {
        line.changes.splice(0, line.next);
        line.next = 0;
      }
      for (const change of changes) {
        const line = lines.get(change.unit) ?? { changes: [], next: 0, level: null, comparable: false };
        lines.set(change.unit, line);
        line.changes.push(change);
      }
    },
    compare(unit, until, state) {
      const line = lines.get(unit);
      if (!line) return;
      for (let change = line.changes[line.next]; change && change.at < until; change = line.changes[line.next]) {
        line.level = change.to;
        line.comparable = change.rules === rules;
        line.next += 1;
      }
      if (!line.comparable || (!isJudged(state) && line.level === null)) return;
      compared += 1;
      if ((isLevel(state) ? state : null) === line.level) agreed += 1;
    },
    share: () => (compared === 0 ? null : agreed / compared),
  };
}
