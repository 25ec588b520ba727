import type { EpochMs } from '#shared/model/time.ts';
import { createFences } from './fences.ts';
import type { PlanSite } from './plan.ts';
import { createReadings, type Fences, type Readings } from './readings.ts';
import { createSideState, type SideState } from './side.ts';

/** What is carried from one day of a site to the next. */
export interface SiteState {
  readonly readings: Readings;
  readonly sides: readonly SideState[];
  readonly fences: Fences;
  /** Open when last looked at, and judged in the minute before: a gap in the recording lies between the two. */
  open: boolean;
  judging: boolean;
  /** When something of the site was last told. */
  lastReading: EpochMs;
}

export const createSiteState = (site: PlanSite): SiteState => ({
  readings: createReadings(site),
  sides: site.sides.map(createSideState),
  fences: createFences(site),
  open: false,
  judging: false,
  lastReading: 0,
});
