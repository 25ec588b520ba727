import type { Unit } from '$shared/model/unit';
import { attention } from './arrange.ts';
import { isClosed } from '../format/closed.ts';

/** Smaller lists are special services, for whom rates mean little: they keep their own page and leave the list to others. */
const COMPARABLE_LIST = 1000;

export interface WorstList {
  readonly units: readonly Unit[];
  /** Unknown units that found no room, said in one line: never hidden. */
  readonly moreUnknown: number;
}

/**
 * The worst first: neighbourhoods, and practices that are worse than their neighbourhood shows. The last place is kept
 * for an unknown one where there is any.
 */
export function worstOf(units: ReadonlyMap<string, Unit>, room: number): WorstList {
  const all = [...units.values()];
  const groups = all.filter((unit) => unit.kind === 'neighbourhood');
  const practices = all.filter((unit) => unit.siteKind === 'practice');
  const ranked = [...(groups.length > 0 ? groups : practices), ...hidden(groups, practices, units)].sort(
    (a, b) =>
      Math.floor(attention(b) / 1000) - Math.floor(attention(a) / 1000) ||
      // At one level a neighbourhood stands before a single practice: more people wait there.
      Number(a.kind === 'site') - Number(b.kind === 'site') ||
      attention(b) - attention(a) ||
      (b.population ?? 0) - (a.population ?? 0),
  );
  const unknown = ranked.filter(isUnknown);
  const known = ranked.filter((unit) => (unit.level ?? 0) >= 2);
  const calm = ranked.filter((unit) => unit.level === 1);
  const forUnknown = Math.min(unknown.length, Math.max(1, room - known.length));
  const shownKnown = known.slice(0, Math.max(0, room - forUnknown));
  const shown = [...shownKnown, ...unknown.slice(0, room - shownKnown.length)];
  return {
    // On a calm day the busiest still say how calm it is.
    units: [...shown, ...calm.slice(0, Math.max(0, Math.min(3, room) - shown.length))],
    moreUnknown: unknown.length - Math.min(unknown.length, room - shownKnown.length),
  };
}

/** What a mean over a neighbourhood hides: the worst practice of each that is worse than it, and every unknown one. */
function hidden(groups: readonly Unit[], practices: readonly Unit[], units: ReadonlyMap<string, Unit>): Unit[] {
  if (groups.length === 0) return [];
  const levelAbove = (unit: Unit) => units.get(unit.parent ?? '')?.level ?? null;
  const worse = practices.filter(
    (unit) =>
      (unit.level ?? 0) >= 2 &&
      (unit.level ?? 0) > (levelAbove(unit) ?? 4) &&
      (unit.population ?? 0) >= COMPARABLE_LIST,
  );
  const unknown = practices.filter((unit) => isUnknown(unit) && levelAbove(unit) !== null);
  const worstOfEach = [...Map.groupBy(worse, (unit) => unit.parent).values()].flatMap(
    (members) => members.sort((a, b) => attention(b) - attention(a))[0] ?? [],
  );
  return [...worstOfEach, ...unknown];
}

const isUnknown = (unit: Unit) => unit.level === null && !isClosed(unit);

/** Why, in one line: the two heaviest drivers, or the unit's own sentence where nothing gives points. */
export function reasonOf(unit: Unit, drivers = 2): string {
  const texts = unit.drivers
    .slice(0, drivers)
    .map((driver) => driver.text)
    .filter((text) => text !== '');
  if (unit.level === 1 && texts.length === 0) return 'Nothing presses';
  if (unit.level === null || texts.length === 0) return unit.sentence.replace(/\.$/, '');
  return capitalised(texts.join('; '));
}

/** First letter large, also behind a bold mark. */
export function capitalised(text: string): string {
  return text.replace(/^(\**)(.)/, (_all, mark: string, letter: string) => mark + letter.toUpperCase());
}
