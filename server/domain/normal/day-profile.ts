import { METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { cellAt } from './cells.ts';
import { countDays, type DayClass } from './day-class.ts';
import { holdOf } from './learned-metrics.ts';

/** Usual of one metric of one site through a day: from days of its own, or from peers. */
export interface ProfileRow {
  readonly site: string;
  readonly metric: MetricName;
  readonly source: 'own' | 'peers';
  /** Own days, of the class they are of. Of peers 0. */
  readonly days: number;
  readonly kind: DayClass;
  /** Who the peers are: "24 practices of like size". Empty for own days. */
  readonly alike: string;
  /** A value a quarter hour of the wall clock, NaN where nothing is known. */
  readonly usual: Float32Array;
}

/** What is usual on one London day, held in memory while the board lives it. */
export interface DayProfile {
  readonly day: EpochMs;
  readonly end: EpochMs;
  /** Counts from here on: the start of the day, or later where it was made within the day. */
  readonly from: EpochMs;
  readonly rows: readonly ProfileRow[];
  /** NaN where nothing was learned. `minute` of the wall clock, 0 to 1440. */
  value(site: string, metric: MetricName, minute: number): number;
  about(site: string, metric: MetricName): NormalAbout | null;
}

export function aboutOf({
  source,
  days,
  kind,
  alike,
}: Pick<ProfileRow, 'source' | 'days' | 'kind' | 'alike'>): NormalAbout {
  if (source === 'own') return { source, days, label: `usual of ${countDays(days, kind)}` };
  return { source, days: 0, label: `expected from ${alike}` };
}

const INDEX = Object.fromEntries(METRIC_NAMES.map((name, i) => [name, i])) as Readonly<Record<MetricName, number>>;
const HOLDS = METRIC_NAMES.map(holdOf);

interface Line {
  readonly usual: Float32Array;
  readonly about: NormalAbout;
}

/** Asked for tens of thousands of times a minute: two look-ups and array reads, nothing made. */
export function createDayProfile(
  span: Pick<DayProfile, 'day' | 'end' | 'from'>,
  rows: readonly ProfileRow[],
): DayProfile {
  const sites = new Map<string, (Line | undefined)[]>();
  const abouts = new Map<string, NormalAbout>();
  for (const row of rows) {
    let lines = sites.get(row.site);
    if (lines === undefined)
      sites.set(row.site, (lines = new Array<Line | undefined>(METRIC_NAMES.length).fill(undefined)));
    const made = aboutOf(row);
    const about = abouts.get(made.label) ?? made;
    abouts.set(made.label, about);
    lines[INDEX[row.metric]] = { usual: row.usual, about };
  }
  return {
    ...span,
    rows,
    value(site, metric, minute) {
      const place = INDEX[metric];
      const line = sites.get(site)?.[place];
      return line === undefined ? NaN : cellAt(line.usual, HOLDS[place] ?? 'mean', minute);
    },
    about: (site, metric) => sites.get(site)?.[INDEX[metric]]?.about ?? null,
  };
}
