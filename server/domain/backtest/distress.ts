import { HOUR, MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { LeadTime } from '#shared/protocol/backtest.ts';
import type { LevelChange, SampleBlock } from '../ports.ts';
import type { Span } from './day.ts';
import { isLevel } from './track.ts';

/** How far before a distress its signs are looked for. Within it, a second distress of a unit is the same one. */
export const LEAD_MS = 6 * HOUR;
const SEVERE = 3;
const MOST = 500;

/** When a unit was known to be in distress, by its own people or by its recorded level. */
export interface Distress {
  readonly unit: string;
  readonly at: EpochMs;
  readonly what: string;
}

/** Stretches of one side of one unit at level 3 or more. Minutes are to be added in order. */
export interface Stretches {
  add(at: EpochMs, state: number): void;
  /** Minutes from when it first stood so, at most six hours before `at`; null: it did not. */
  leadAt(at: EpochMs): number | null;
}

export function createStretches(): Stretches {
  const found: { from: EpochMs; to: EpochMs }[] = [];
  return {
    add(at, state) {
      if (!isLevel(state) || state < SEVERE) return;
      const last = found.at(-1);
      if (last?.to === at) last.to = at + MINUTE;
      else found.push({ from: at, to: at + MINUTE });
    },
    leadAt(at) {
      const earliest = at - LEAD_MS;
      const first = found.find((stretch) => stretch.to > earliest && stretch.from <= at);
      return first ? Math.floor((at - Math.max(first.from, earliest)) / MINUTE) : null;
    },
  };
}

/** By time; at one time by unit, in whatever order they were found. */
const inOrder = (a: Distress, b: Distress) => a.at - b.at || (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0);

/** Takes note of distresses within a stretch of time, each once. */
export interface DistressBook {
  /** Samples of a site's declared level, ascending. */
  declared(block: SampleBlock): void;
  /** A recorded change of a site's level. */
  recorded(change: LevelChange): void;
  leadTimes(of: (unit: string) => { name: string; stretches: readonly [Stretches, Stretches] } | null): {
    readonly leadTimes: LeadTime[];
    readonly leftOut: number;
  };
}

export function createDistressBook(within: Span): DistressBook {
  const said = new Map<string, number>();
  const found: Distress[] = [];
  const note = (distress: Distress) => {
    if (distress.at >= within.from && distress.at < within.to) found.push(distress);
  };
  return {
    declared({ unit, at, value }) {
      for (let i = 0; i < at.length; i += 1) {
        const level = value[i] ?? NaN;
        const before = said.get(unit) ?? NaN;
        said.set(unit, level);
        if (level >= SEVERE && !(before >= SEVERE)) note({ unit, at: at[i] ?? 0, what: `declared level ${level}` });
      }
    },
    recorded({ unit, at, to }) {
      if (to === 4) note({ unit, at, what: 'recorded level 4' });
    },
    leadTimes(of) {
      const kept: Distress[] = [];
      const last = new Map<string, EpochMs>();
      for (const distress of found.sort(inOrder)) {
        const before = last.get(distress.unit);
        last.set(distress.unit, distress.at);
        if (before === undefined || distress.at - before > LEAD_MS) kept.push(distress);
      }
      const leadTimes = kept.slice(-MOST).flatMap(({ unit, at, what }): LeadTime[] => {
        const known = of(unit);
        if (!known) return [];
        const [tried, against] = known.stretches;
        const lead = { triedMinutes: tried.leadAt(at), againstMinutes: against.leadAt(at) };
        return [{ unit, name: known.name, at: toInstant(at), what, ...lead }];
      });
      return { leadTimes, leftOut: Math.max(0, kept.length - MOST) };
    },
  };
}
