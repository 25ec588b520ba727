import type { Level } from '#shared/model/level.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { LevelChange, Normal } from '../domain/ports.ts';
import type { CoreHours } from '../domain/core-hours.ts';
import type { Days } from '../domain/days.ts';
import type { LocalMoment } from '../domain/normal/day-type.ts';
import type { Weeks } from '../domain/week.ts';
import type { Layout } from './layout.ts';
import type { Memory } from './memory.ts';
import type { createOpenings } from './openings.ts';
import type { Published } from './publish.ts';
import type { ThinNormals } from './thin.ts';
import type { FeedState, GroupState, SiteState } from './state.ts';

/** New rules have changed what a unit's readings amount to; its level follows as readings and time confirm it. */
export interface Nudge {
  readonly was: Level | null;
  readonly wanted: Level | null;
  readonly until: EpochMs;
}

/** All that the board's parts work on. One object, made and owned by the core. */
export interface World {
  readonly layout: Layout;
  readonly normal: Normal;
  readonly days: Days;
  readonly moment: (at: EpochMs) => LocalMoment;
  readonly instant: (at: EpochMs) => string;
  readonly coreHours: CoreHours;
  readonly weeks: Weeks;
  readonly openings: ReturnType<typeof createOpenings>;
  readonly thin: ThinNormals;
  readonly published: Published;
  readonly memory: Memory;
  readonly sites: (SiteState | undefined)[];
  readonly groups: (GroupState | undefined)[];
  readonly feeds: FeedState[];
  /** `<version>/<hash>` of the rules in force. */
  readonly rulesVersion: string;
  /** Level changes since the last commit. */
  readonly levels: LevelChange[];
  /** By index of the unit: what the newest rules see otherwise, until its level has followed. */
  readonly nudged: Map<number, Nudge>;
}
