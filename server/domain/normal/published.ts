import type { Definition, National, PublishedMonth } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Normal } from '../ports.ts';
import { totalAt } from './curve.ts';
import { createLocalMoments, type LocalMoment } from './day-type.ts';
import { createShapes, type Outcome, type Shapes } from './shapes.ts';

/** Stated midpoints of the published wait bands, in seconds: under 1 minute, 1-2, 2-5, and longer. */
export const WAIT_MIDPOINTS = [30, 90, 210, 540] as const;

const COUNTED: Partial<Record<MetricName, { outcome: Outcome; minutes: number | null }>> = {
  'calls.inbound': { outcome: 'inbound', minutes: null },
  'calls.answered': { outcome: 'answered', minutes: null },
  'calls.ended-in-ivr': { outcome: 'endedInIvr', minutes: null },
  'calls.missed': { outcome: 'missed', minutes: null },
  'callbacks.requested': { outcome: 'callbackRequested', minutes: null },
  'calls.inbound-15m': { outcome: 'inbound', minutes: 15 },
  'calls.inbound-60m': { outcome: 'inbound', minutes: 60 },
  'calls.answered-60m': { outcome: 'answered', minutes: 60 },
  'calls.missed-60m': { outcome: 'missed', minutes: 60 },
};

const KNOWN: ReadonlySet<MetricName> = new Set([
  ...(Object.keys(COUNTED) as MetricName[]),
  'calls.longest-wait',
  'calls.wait',
  'calls.answered-share',
  'calls.missed-share',
]);

/** What the months say of one practice: its part of England's calls, and how its calls end against England's. */
interface Scale {
  readonly calls: number;
  /** Own share of an outcome over the national one; inbound is 1. */
  readonly outcome: Readonly<Record<Outcome, number>>;
  readonly waitSeconds: number | null;
}

const sumOf = (months: readonly PublishedMonth[], pick: (m: PublishedMonth) => number) =>
  months.reduce((sum, month) => sum + pick(month), 0);

function scaleOf(months: readonly PublishedMonth[], shapes: Shapes): Scale | null {
  const inbound = sumOf(months, (m) => m.inbound);
  const national = months.reduce((sum, m) => sum + shapes.monthTotal(m.month), 0);
  if (inbound <= 0 || national <= 0) return null;
  const against = (outcome: Exclude<Outcome, 'inbound'>) =>
    sumOf(months, (m) => m[outcome]) / inbound / Math.max(1e-9, shapes.overall(outcome));
  const waits = WAIT_MIDPOINTS.map((_, band) => sumOf(months, (m) => m.answeredWait[band] ?? 0));
  const waited = waits.reduce((a, b) => a + b, 0);
  const seconds = WAIT_MIDPOINTS.reduce((sum, midpoint, band) => sum + midpoint * (waits[band] ?? 0), 0);
  return {
    calls: inbound / national,
    outcome: {
      inbound: 1,
      answered: against('answered'),
      endedInIvr: against('endedInIvr'),
      callbackRequested: against('callbackRequested'),
      missed: against('missed'),
    },
    waitSeconds: waited > 0 ? seconds / waited : null,
  };
}

/**
 * Longest wait to expect among `queue` callers at once (calls a second x mean wait, by Little's law) whose waits fall off
 * as exponential ones do: mean x (1 + 1/2 + … + 1/queue). A queue of less than one is looked at when somebody is in it.
 */
function expectedLongest(meanSeconds: number, queue: number): number {
  const callers = Math.max(1, queue);
  return meanSeconds * Math.max(1, Math.log(callers) + 0.5772 + 1 / (2 * callers) - 1 / (12 * callers ** 2));
}

/** Own normal from published months, and the same summed for group charts. */
export interface PublishedNormal extends Normal {
  readonly metrics: ReadonlySet<MetricName>;
  /** Whether a site's months are its own or made from practices of like size; null where it has none. */
  basis(site: string): PublishedMonth['basis'] | null;
  /** Calls usual in (from, to], both of one London day, at one site. Null where nothing is known. */
  usualBetween(site: string, outcome: Outcome, from: EpochMs, to: EpochMs): number | null;
  /**
   * Usual sum over the sites in each bucket of `step` from `from` up to `to`, for metrics that are counts of calls
   * (`calls.inbound` …: calls within the bucket). Sites without a normal are left out; empty when none has one.
   */
  usualSeries(
    siteIds: readonly string[],
    metric: MetricName,
    from: EpochMs,
    to: EpochMs,
    step: number,
  ): (readonly [EpochMs, number | null])[];
}

/**
 * A practice's published months times the national shape of the weekday and band (decision 22). Waits scale through the
 * day with the share of queued callers who give up or take a callback: the only published trace of how a queue swells.
 */
export function createPublishedNormal(definition: Pick<Definition, 'published'>, national: National): PublishedNormal {
  const shapes = createShapes(national);
  const moment = createLocalMoments();
  const scales = new Map<string, Scale>();
  const bases = new Map<string, PublishedMonth['basis']>();
  for (const [site, months] of Map.groupBy(definition.published, (m) => m.site)) {
    const scale = scaleOf(months, shapes);
    if (!scale) continue;
    scales.set(site, scale);
    bases.set(site, months.some((month) => month.basis === 'own') ? 'own' : 'peers');
  }
  const nationalBetween = (outcome: Outcome, from: LocalMoment | null, to: LocalMoment): number | null => {
    const curve = shapes.curve(to.type, outcome);
    return curve && totalAt(curve, to.minute) - (from ? totalAt(curve, from.minute) : 0);
  };
  /** The part of a span that lies on another day than its end counts by that day's own curve. */
  const between = (outcome: Outcome, from: EpochMs, to: EpochMs): number | null => {
    const a = moment(from);
    const b = moment(to);
    if (a.minute <= b.minute) return nationalBetween(outcome, a, b);
    const evening = shapes.curve(a.type, outcome);
    const morning = nationalBetween(outcome, null, b);
    return evening && morning !== null ? morning + totalAt(evening, 1440) - totalAt(evening, a.minute) : null;
  };
  const share = (scale: Scale, outcome: Outcome, at: LocalMoment): number | null => {
    const usual = shapes.share(at.type, at.minute, outcome);
    return usual === null ? null : Math.min(1, usual * scale.outcome[outcome]);
  };
  const wait = (scale: Scale, at: LocalMoment): number | null => {
    const strain = shapes.strain(at.type, at.minute);
    if (strain === null || scale.waitSeconds === null || shapes.meanStrain <= 0) return null;
    return (scale.waitSeconds * strain) / shapes.meanStrain;
  };
  const inLastHour = (scale: Scale, outcome: Outcome, at: EpochMs): number =>
    (between(outcome, at - 60 * MINUTE, at) ?? 0) * scale.calls * scale.outcome[outcome];
  const longestWait = (scale: Scale, at: EpochMs): number | null => {
    const mean = wait(scale, moment(at));
    if (mean === null) return null;
    const queued = inLastHour(scale, 'answered', at) + inLastHour(scale, 'missed', at);
    return expectedLongest(mean, (queued * mean) / 3600);
  };
  const usual = (site: string, metric: MetricName, at: EpochMs): number | null => {
    const scale = scales.get(site);
    if (!scale) return null;
    if (metric === 'calls.longest-wait' || metric === 'calls.wait') return longestWait(scale, at);
    if (metric === 'calls.answered-share') return share(scale, 'answered', moment(at));
    if (metric === 'calls.missed-share') return share(scale, 'missed', moment(at));
    const counted = COUNTED[metric];
    if (!counted) return null;
    const { outcome, minutes } = counted;
    const calls =
      minutes === null ? nationalBetween(outcome, null, moment(at)) : between(outcome, at - minutes * MINUTE, at);
    return calls === null ? null : calls * scale.calls * scale.outcome[outcome];
  };
  return {
    label: 'expected from published months',
    metrics: KNOWN,
    usual,
    basis: (site) => bases.get(site) ?? null,
    usualBetween: (site, outcome, from, to) => {
      const scale = scales.get(site);
      const calls = scale ? between(outcome, from, to) : null;
      return scale && calls !== null ? calls * scale.calls * scale.outcome[outcome] : null;
    },
    usualSeries: (siteIds, metric, from, to, step) => {
      const outcome = COUNTED[metric]?.outcome;
      if (!outcome) return [];
      let factor = 0;
      for (const id of siteIds) {
        const scale = scales.get(id);
        if (scale) factor += scale.calls * scale.outcome[outcome];
      }
      const points: (readonly [EpochMs, number | null])[] = [];
      for (let at = from; factor > 0 && at < to; at += step) {
        const calls = between(outcome, at, Math.min(at + step, to));
        points.push([at, calls === null ? null : calls * factor]);
      }
      return points;
    },
  };
}
