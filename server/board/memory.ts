import type { Level } from '#shared/model/level.ts';
import { METRIC_NAMES } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import type { GroupScore } from '../domain/pressure/rollup.ts';
import type { SiteScore } from '../domain/pressure/score.ts';
import { METRIC_INDEX } from './layout.ts';
import type { Opening } from './openings.ts';
import { absenceCode, type MetricName } from './state.ts';

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
  /** Code of the published absence of one metric of a unit. */
  absence(index: number, metric: number): number;
  noteAbsence(index: number, metric: number, code: number): void;
  forget(): void;
}

const METRICS = METRIC_NAMES.length;

export function createMemory(units: readonly Unit[]): Memory {
  const sites: (SiteMade | undefined)[] = [];
  const groups: (GroupMade | undefined)[] = [];
  // One array for all: thousands of small ones would weigh more than what is in them.
  const codes = new Uint8Array(units.length * METRICS);
  const read = new Uint8Array(units.length);
  const readUnit = (index: number) => {
    read[index] = 1;
    const metrics = units[index]?.metrics ?? {};
    for (const name of Object.keys(metrics)) {
      codes[index * METRICS + METRIC_INDEX[name as MetricName]] = absenceCode(metrics[name]?.absence ?? null);
    }
  };
  return {
    sites,
    groups,
    absence(index, metric) {
      if (read[index] === 0) readUnit(index);
      return codes[index * METRICS + metric] ?? 0;
    },
    noteAbsence(index, metric, code) {
      if (read[index] === 0) readUnit(index);
      codes[index * METRICS + metric] = code;
    },
    forget() {
      sites.length = 0;
      groups.length = 0;
      codes.fill(0);
      read.fill(0);
    },
  };
}

const sameAs = (a: SiteScore, b: SiteScore): boolean =>
  a.score === b.score &&
  a.given === b.given &&
  a.possible === b.possible &&
  a.coverage === b.coverage &&
  a.idle === b.idle &&
  a.floor === b.floor &&
  a.judged.length === b.judged.length &&
  a.judged.every((judged, i) => {
    const other = b.judged[i];
    return (
      other !== undefined &&
      judged.points === other.points &&
      judged.absence === other.absence &&
      judged.detail === other.detail &&
      judged.held === other.held &&
      judged.evidence.value === other.evidence.value &&
      judged.evidence.usual === other.evidence.usual &&
      (judged.cutoffs === null) === (other.cutoffs === null)
    );
  });

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
  a.abouts.every((about, i) => sameAbout(about, b.abouts[i] ?? null)) &&
  a.thin.every((thin, i) => thin === b.thin[i]);

const sameAbout = (a: NormalAbout | null, b: NormalAbout | null): boolean =>
  a === b || (a !== null && b !== null && a.source === b.source && a.days === b.days);
