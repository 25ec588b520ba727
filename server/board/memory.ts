import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import type { GroupScore } from '../domain/pressure/rollup.ts';
import type { Judged, SiteScore } from '../domain/pressure/score.ts';
import type { Opening } from './openings.ts';
import { createShown, type Shown } from './shown.ts';

/** What a site's published words and rows were last made of: while all of that stands, they stand. */
export interface SiteMade {
  /** The published metrics they went out with; others have been put in their place: nothing stands. */
  readonly metrics: Unit['metrics'];
  readonly score: SiteScore;
  /** Of each row of the score: what stands behind its usual value, and whether that is little. */
  readonly abouts: readonly (NormalAbout | null)[];
  readonly thin: readonly boolean[];
  readonly opening: Opening;
  readonly day: EpochMs;
  readonly level: Level | null;
  readonly keptUntil: EpochMs | null;
}

/** The same of a group: its sums, and what its words say of them. */
export interface GroupMade {
  readonly metrics: Unit['metrics'];
  readonly lanes: Float64Array;
  readonly score: GroupScore;
  readonly day: EpochMs;
  readonly level: Level | null;
  readonly keptUntil: EpochMs | null;
  readonly hubSlots: number | null;
}

/**
 * What the board need not work out again. No part of the state: without it everything is made anew, and comes out the
 * same (memory.test.ts).
 */
export interface Memory {
  readonly sites: (SiteMade | undefined)[];
  readonly groups: (GroupMade | undefined)[];
  readonly shown: Shown;
  /** A group's slots by the hour are of its parts' slots; says that one of them has others now. */
  stirHours(part: number): void;
  /** Whether one of a group's parts has other slots than when this was last asked. */
  takeHours(group: number): boolean;
  forget(): void;
}

/** `parents`: by unit, -1 for none. */
export function createMemory(units: readonly Unit[], parents: Int32Array): Memory {
  const sites: (SiteMade | undefined)[] = [];
  const groups: (GroupMade | undefined)[] = [];
  const shown = createShown(units, parents);
  const hours = new Uint8Array(units.length).fill(1);
  return {
    sites,
    groups,
    shown,
    stirHours(part) {
      const parent = parents[part] ?? -1;
      if (parent >= 0) hours[parent] = 1;
    },
    takeHours(group) {
      const stirred = hours[group] === 1;
      hours[group] = 0;
      return stirred;
    },
    forget() {
      hours.fill(1);
      sites.length = 0;
      groups.length = 0;
      shown.forget();
    },
  };
}

/** But for its rows. */
const sameAs = (a: SiteScore, b: SiteScore): boolean =>
  a.score === b.score &&
  a.given === b.given &&
  a.possible === b.possible &&
  a.coverage === b.coverage &&
  a.idle === b.idle &&
  a.floor === b.floor &&
  a.judged.length === b.judged.length;

const sameJudged = (a: Judged, b: Judged | undefined): boolean =>
  b !== undefined &&
  a.ready === b.ready &&
  a.points === b.points &&
  a.absence === b.absence &&
  a.detail === b.detail &&
  a.held === b.held &&
  a.evidence.value === b.evidence.value &&
  a.evidence.usual === b.evidence.usual &&
  (a.cutoffs === null) === (b.cutoffs === null);

/** Whether one row would come out as before, but for what its metric says of itself. */
export const sameRow = (a: SiteMade, b: SiteMade, i: number): boolean => {
  const judged = a.score.judged[i];
  return (
    judged !== undefined &&
    sameJudged(judged, b.score.judged[i]) &&
    sameAbout(a.abouts[i] ?? null, b.abouts[i] ?? null) &&
    a.thin[i] === b.thin[i]
  );
};

const sameOpening = (a: Opening, b: Opening): boolean =>
  a === b || (a.open === b.open && a.opensAt === b.opensAt && a.bankHoliday === b.bankHoliday);

/** Whether words made of one would come out as those made of the other: cut-offs follow from what is compared. */
export const sameSite = (a: SiteMade, b: SiteMade): boolean =>
  a.metrics === b.metrics &&
  a.level === b.level &&
  a.keptUntil === b.keptUntil &&
  a.day === b.day &&
  sameOpening(a.opening, b.opening) &&
  sameAs(a.score, b.score) &&
  a.score.judged.every((_, i) => sameRow(a, b, i));

const sameAbout = (a: NormalAbout | null, b: NormalAbout | null): boolean =>
  a === b || (a !== null && b !== null && a.source === b.source && a.days === b.days);
