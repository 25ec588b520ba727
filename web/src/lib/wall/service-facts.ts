import type { MetricName } from '$shared/model/metrics';
import type { MetricState, Unit } from '$shared/model/unit';
import { sayAbsence } from '../format/absence.ts';
import { isClosed } from '../format/closed.ts';
import { sayNumber, sayShare } from '../format/numbers.ts';
import { plain } from '../format/sentence.ts';
import { sayDuration } from '../format/time.ts';
import { beneathOf, byPressure } from './scene.ts';

/** 111 and out-of-hours services beneath a unit, hardest pressed first, closed ones last. */
export function servicesOf(units: ReadonlyMap<string, Unit>, id: string): Unit[] {
  return beneathOf(units, id)
    .filter(({ siteKind }) => siteKind === 'out-of-hours' || siteKind === 'nhs111')
    .sort(byPressure);
}

/** A column of the services' table: a figure, or in words why there is none. */
export interface ServiceFact {
  readonly text: string;
  readonly known: boolean;
}

const fact = (metric: MetricState | undefined, say: (value: number) => string): ServiceFact =>
  metric && metric.value !== null
    ? { text: say(metric.value), known: true }
    : { text: metric ? sayAbsence(metric.absence) : 'not known', known: false };

export interface ServiceFacts {
  readonly answered: ServiceFact;
  readonly waiting: ServiceFact;
  readonly longest: ServiceFact;
  readonly queue: ServiceFact;
  readonly shifts: ServiceFact;
}

/** What a service measures now; of a group: of all its services that are open. */
export function serviceFacts(unit: Pick<Unit, 'metrics'> | undefined): ServiceFacts {
  const of = (name: MetricName) => unit?.metrics[name];
  const planned = of('iuc.shifts-planned')?.value ?? null;
  const target = of('iuc.overrun-target')?.value ?? null;
  return {
    answered: fact(of('iuc.answered-60s-share'), sayShare),
    waiting: fact(of('iuc.waiting'), sayNumber),
    longest: fact(of('iuc.longest-wait'), (minutes) => sayDuration(minutes * 60_000)),
    queue: fact(
      of('iuc.queue-overrun'),
      (ratio) => `${sayShare(ratio)}${target === null ? '' : ` of ${sayDuration(target * 60_000)}`}`,
    ),
    shifts: fact(of('iuc.shifts-filled'), (filled) =>
      planned === null ? sayNumber(filled) : `${sayNumber(filled)} of ${sayNumber(planned)}`,
    ),
  };
}

/** Why a service has no figures: when it opens, as its sentence says; null where it has some. */
export function whyNone(unit: Unit): string | null {
  if (!isClosed(unit)) return null;
  const until = /until (.+?)(?:: |$)/.exec(plain(unit.sentence))?.[1];
  return until ? `opens at ${until}` : 'closed';
}

/** Closed ones by when they open, so that a line says it of all. */
export function closedLines(closed: readonly Unit[]): { readonly names: string; readonly why: string }[] {
  return [...Map.groupBy(closed, (unit) => whyNone(unit) ?? 'closed')].map(([why, units]) => ({
    why: units.length > 1 ? why.replace('opens', 'open') : why,
    names:
      units.length > MOST_NAMED ? `${units.length} services` : units.map(({ name }) => serviceName(name)).join(', '),
  }));
}

/** More than these are counted, not named. */
const MOST_NAMED = 12;

/** A service's name without the words that the column's head says. */
export const serviceName = (name: string): string =>
  name.replace(/\s+(GP )?out-of-hours$/i, '').replace(/ including .*$/i, '');
