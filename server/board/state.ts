import { ABSENCES, type Absence } from '#shared/model/absence.ts';
import { METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Counter } from '../domain/counters.ts';
import type { DeclaredReading, SlotGroup } from '../domain/ports.ts';
import type { Doubt } from '../domain/pressure/confidence.ts';
import { NO_STANDING, type Standing } from '../domain/pressure/levels.ts';
import type { Remembered } from '../domain/pressure/score.ts';
import type { Rolling } from '../domain/rolling.ts';
import type { WeekMinutes } from '../domain/week.ts';

/** What a feed last said of one metric of one site. */
export interface Cell {
  value: number | null;
  absence: Absence | null;
  detail: string | null;
  /** When the value was last seen to change. */
  at: EpochMs;
  /** The last value before it went absent. */
  last: { readonly value: number; readonly at: EpochMs } | null;
  /** A share by a stated rule rather than reported for this site. */
  estimated?: true;
}

/** Final totals of earlier days that a source has told, newest last. */
export type Finals = readonly { readonly day: EpochMs; readonly total: number }[];

/** What a site's people said, and through which feed instance. */
export interface DeclaredState {
  readonly instance: number;
  readonly reading: DeclaredReading;
}

export interface SlotState {
  readonly groups: readonly SlotGroup[];
  readonly observedAt: EpochMs;
}

/** Since when slots are gone, and what the counters said then. `at` null: they were gone when first seen. */
export interface Exhaustion {
  readonly day: EpochMs;
  readonly at: EpochMs | null;
  /** When they were first seen to be gone. */
  readonly seen: EpochMs;
  readonly answered: number | null;
  readonly booked: number;
  readonly placed: number;
}

/** Everything the board keeps of a site besides what it has published. */
export interface SiteState {
  /** By place (layout.ts): a metric's index, or a further place where several feeds can bring it. */
  readonly cells: (Cell | undefined)[];
  readonly counters: Map<number, Counter>;
  readonly windows: Map<number, Rolling>;
  readonly finals: Map<number, Finals>;
  /** Which source counts, by index of a contested metric (sources.ts). */
  readonly counting: Map<number, number>;
  /** By feed instance. */
  readonly slots: Map<number, SlotState>;
  /** In the order of the feeds. */
  declared: readonly DeclaredState[];
  exhaustion: Exhaustion | null;
  /** Patients placed elsewhere on the day. */
  placed: { readonly day: EpochMs; readonly count: number } | null;
  /** Day on which free slots were last seen, to know that running out was seen too. */
  slotsSeen: EpochMs | null;
  /** Hubs: this week's minutes by day, as far as their slots were seen. */
  week: WeekMinutes | null;
  /** The slots that `week` was last made of; not part of the checkpoint. */
  weekSeen: { readonly groups: readonly SlotGroup[]; readonly day: number } | null;
  memory: (Remembered | undefined)[];
  standing: Standing;
  /** Last known score of today, for what a group's fall is measured by. */
  lastScore: number | null;
  /** What cannot be relied on of what it is judged by; null while closed, or nothing is judged. */
  doubt: Doubt | null;
  /** Declared level that stands now. */
  said: Level | null;
  open: boolean;
  /** Values now, by metric index; NaN where absent. */
  readonly values: Float64Array;
  readonly usuals: Float64Array;
  /** Denominators behind shares. */
  readonly bases: Float64Array;
  /** 0 present or not expected, else 1 + index in ABSENCES. */
  readonly absences: Uint8Array;
  /** Points by rule index; NaN where left out. */
  readonly points: Float64Array;
}

export interface GroupState {
  standing: Standing;
  lanes: Float64Array;
  /** Open practices at level 3 or 4 beneath it by index, worst first, a few. */
  notable: readonly number[];
}

export interface FeedState {
  status: FeedStatus;
  observedAt: EpochMs | null;
  stale: boolean;
  /** Exponentially weighted mean of records in an answer, and how many answers it is of (as far as that matters). */
  usual: { readonly mean: number; readonly answers: number } | null;
}

export const absenceCode = (absence: Absence | null): number => (absence === null ? 0 : 1 + ABSENCES.indexOf(absence));
export const absenceOf = (code: number): Absence | null => (code === 0 ? null : (ABSENCES[code - 1] ?? null));

export function createSiteState(rules: number, places: number): SiteState {
  const metrics = METRIC_NAMES.length;
  // One piece of memory for all of a site's figures: thousands of sites are made at once.
  const figures = new Float64Array(3 * metrics + rules).fill(NaN);
  return {
    cells: new Array<Cell | undefined>(places).fill(undefined),
    counters: new Map(),
    windows: new Map(),
    finals: new Map(),
    counting: new Map(),
    slots: new Map(),
    declared: [],
    exhaustion: null,
    placed: null,
    slotsSeen: null,
    week: null,
    weekSeen: null,
    memory: [],
    standing: NO_STANDING,
    lastScore: null,
    doubt: null,
    said: null,
    open: false,
    values: figures.subarray(0, metrics),
    usuals: figures.subarray(metrics, 2 * metrics),
    bases: figures.subarray(2 * metrics, 3 * metrics),
    absences: new Uint8Array(metrics),
    points: figures.subarray(3 * metrics),
  };
}

/** NaN as null, for readers outside the arrays. */
export const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

export type MetricMap = Unit['metrics'];
export type { MetricName };
