import { METRIC_NAMES, type MetricName } from '#shared/model/metrics.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { cellAt } from './cells.ts';
import { QUARTERS } from './day-fold.ts';
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
  /** Rows in it. */
  readonly size: number;
  rows(): Iterable<ProfileRow>;
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

const NONE = -1;

/**
 * Asked for tens of thousands of times a minute: a look-up and array reads, nothing made. All values lie in one array: a
 * hundred thousand small ones would weigh more than what is in them.
 */
export function createDayProfile(
  span: Pick<DayProfile, 'day' | 'end' | 'from'>,
  rows: readonly ProfileRow[],
): DayProfile {
  const values = new Float32Array(rows.length * QUARTERS);
  const sites = new Map<string, Int32Array>();
  const heads: Omit<ProfileRow, 'usual'>[] = [];
  const abouts: NormalAbout[] = [];
  const known = new Map<string, NormalAbout>();
  rows.forEach(({ usual, ...head }, i) => {
    values.set(usual, i * QUARTERS);
    heads.push(head);
    const about = aboutOf(head);
    if (!known.has(about.label)) known.set(about.label, about);
    abouts.push(known.get(about.label) ?? about);
    const lines = sites.get(head.site) ?? new Int32Array(METRIC_NAMES.length).fill(NONE);
    sites.set(head.site, lines);
    lines[INDEX[head.metric]] = i;
  });
  // The board asks for one metric after the other of the same site.
  let asked = '';
  let linesOfAsked: Int32Array | undefined;
  const lineOf = (site: string, place: number): number => {
    if (site !== asked) {
      asked = site;
      linesOfAsked = sites.get(site);
    }
    return linesOfAsked?.[place] ?? NONE;
  };
  return {
    ...span,
    size: rows.length,
    *rows() {
      for (const [i, head] of heads.entries()) {
        yield { ...head, usual: values.subarray(i * QUARTERS, (i + 1) * QUARTERS) };
      }
    },
    value(site, metric, minute) {
      const place = INDEX[metric];
      const line = lineOf(site, place);
      return line === NONE ? NaN : cellAt(values, HOLDS[place] ?? 'mean', minute, line * QUARTERS);
    },
    about: (site, metric) => abouts[lineOf(site, INDEX[metric])] ?? null,
  };
}
