import type { FeedFamily } from '#shared/model/feed-metrics.ts';
import type { Unit } from '#shared/model/unit.ts';
import { sayCount } from '../pressure/phrases.ts';
import type { FeedLayout } from './layout.ts';
import { isGone, TROUBLED, type MarkedPair, type Trouble } from './marks.ts';
import { FAMILY_NOUNS, sayAge, some } from './words.ts';

/** What a cause keeps from being seen. */
export interface Hidden {
  /** Open practices without a level whose data are gone, and their patients. */
  readonly unknown: number;
  readonly unknownPatients: number;
  /** Sites that are not asked because we paused them, whose last figures still stand, and their patients. */
  readonly unasked: number;
  /** The same in words: "19 practices". */
  readonly unaskedSites: string;
  readonly unaskedPatients: number;
  /** Hubs and services of which nothing stands. */
  readonly services: number;
  /** Patients of every practice, and around every hub, of which nothing stands. */
  readonly patients: number;
  /** `ageMs`: of the last data; `since`: when it began, in words. */
  say(ageMs: number, since: string | null): { readonly hides: string; readonly more: string };
}

const patientsOf = ({ site }: MarkedPair, layout: FeedLayout): number => {
  if (site.population !== null) return site.population;
  const around = site.parent === null ? undefined : layout.unit(site.parent);
  return around?.kind === 'neighbourhood' ? (around.population ?? 0) : 0;
};
const total = (pairs: readonly MarkedPair[], layout: FeedLayout): number =>
  pairs.reduce((sum, pair) => sum + patientsOf(pair, layout), 0);

/** "7 practices", or "7 sites" where they are of several kinds. */
const sitesOf = (pairs: readonly MarkedPair[]): string =>
  some(pairs.length, pairs.every(({ site }) => site.siteKind === 'practice') ? 'practice' : 'site');

export function hidden(
  layout: FeedLayout,
  pairs: readonly MarkedPair[],
  { family, trouble }: { readonly family: FeedFamily; readonly trouble: Trouble },
  unitOf: (id: string) => Unit | undefined,
): Hidden {
  const uncovered = pairs.filter(({ mark }) => TROUBLED.has(mark));
  const gone = uncovered.filter((pair) => isGone(pair, unitOf(pair.site.id)));
  const practices = gone.filter(({ site }) => site.siteKind === 'practice');
  const hubs = gone.filter(({ site }) => site.siteKind === 'hub');
  const services = gone.length - practices.length - hubs.length;
  const unknown = practices.filter(({ site }) => {
    const unit = unitOf(site.id);
    return unit?.level === null && unit.open !== false;
  });
  // A pause hides from its first moment: what stands is of before it, and nothing newer comes until it ends.
  const unasked = trouble === 'paused' ? uncovered.filter((pair) => !gone.includes(pair)) : [];
  const noun = FAMILY_NOUNS[family];
  const affected = sitesOf(pairs);

  return {
    unknown: unknown.length,
    unknownPatients: total(unknown, layout),
    unasked: unasked.length,
    unaskedSites: sitesOf(unasked),
    unaskedPatients: total(unasked, layout),
    services: hubs.length + services,
    patients: total(gone, layout),
    say(ageMs, since) {
      const around = total(hubs, layout);
      if (unknown.length > 0)
        return { hides: some(unknown.length, 'practice') + ' unknown', more: patients(total(unknown, layout)) };
      if (hubs.length > 0)
        return { hides: `${some(hubs.length, 'hub')} not counted`, more: around > 0 ? patients(around) : '' };
      if (services > 0)
        return { hides: `${some(services, 'service')} unknown`, more: since === null ? '' : `since ${since}` };
      if (unasked.length > 0) return { hides: `${sitesOf(unasked)} not asked`, more: patients(total(unasked, layout)) };
      if (practices.length > 0) return { hides: `${noun} left out`, more: some(practices.length, 'practice') };
      if (uncovered.length === 0) return { hides: 'covered by another feed', more: affected };
      if (trouble === 'clock-off') return { hides: `how old the ${noun} are`, more: affected };
      if (uncovered.some(({ mark }) => mark === 'r')) return { hides: `some ${noun} left out`, more: affected };
      return { hides: `${noun} up to ${sayAge(ageMs)} old`, more: affected };
    },
  };
}

const patients = (count: number): string => `${sayCount(count)} ${count === 1 ? 'patient' : 'patients'}`;
