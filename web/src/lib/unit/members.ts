import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';

export const MEMBER_KINDS = ['place', 'neighbourhood', 'practice', 'service'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];
export const MEMBER_WORDS: Readonly<Record<MemberKind, string>> = {
  place: 'Places',
  neighbourhood: 'Neighbourhoods',
  practice: 'Practices',
  service: 'Services',
};

export const SORTS = ['pressure', 'name', 'coverage', 'patients'] as const;
export type Sort = (typeof SORTS)[number];

export function memberKind(unit: Unit): MemberKind | null {
  if (unit.kind === 'place' || unit.kind === 'neighbourhood') return unit.kind;
  if (unit.kind === 'site') return unit.siteKind === 'practice' ? 'practice' : 'service';
  return null;
}

/** Everything beneath `id` by kind; kinds without members are left out. */
export function membersOf(units: ReadonlyMap<string, Unit>, id: string): ReadonlyMap<MemberKind, readonly Unit[]> {
  const found = new Map<MemberKind, Unit[]>(MEMBER_KINDS.map((kind) => [kind, []]));
  for (const unit of units.values()) {
    const kind = memberKind(unit);
    if (kind && unit.id !== id && liesBeneath(units, unit, id)) found.get(kind)?.push(unit);
  }
  for (const kind of MEMBER_KINDS) if (found.get(kind)?.length === 0) found.delete(kind);
  return found;
}

function liesBeneath(units: ReadonlyMap<string, Unit>, unit: Unit, id: string): boolean {
  for (let parent = unit.parent; parent !== null; parent = units.get(parent)?.parent ?? null)
    if (parent === id) return true;
  return false;
}

/** Unknown ranks between calm and pressed: somebody has to look. Closed comes last. */
const heat = (unit: Unit) => unit.level ?? (isClosed(unit) ? 0 : 1.5);
const byName = (a: Unit, b: Unit) => a.name.localeCompare(b.name, 'en-GB');

const COMPARE: Readonly<Record<Sort, (a: Unit, b: Unit) => number>> = {
  pressure: (a, b) => heat(b) - heat(a) || (b.score ?? -1) - (a.score ?? -1) || byName(a, b),
  name: byName,
  coverage: (a, b) => a.coverage - b.coverage || byName(a, b),
  patients: (a, b) => (b.population ?? -1) - (a.population ?? -1) || byName(a, b),
};

export function sortMembers(members: readonly Unit[], sort: Sort): Unit[] {
  return [...members].sort(COMPARE[sort]);
}

/** Members whose name or code holds every word that was typed. */
export function filterMembers(members: readonly Unit[], text: string): readonly Unit[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return members;
  return members.filter((unit) => {
    const where = `${unit.name} ${unit.id}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** Members in an order decided earlier; what is new since then comes last, what has gone is left out. */
export function inOrder(members: readonly Unit[], order: readonly string[]): Unit[] {
  const rank = new Map(order.map((id, i) => [id, i]));
  return [...members].sort((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity) || byName(a, b));
}

/** Why a member is where it is, in one line: what gives most points, else what its sentence says. */
export function reasonOf(unit: Unit): string {
  const texts = unit.drivers.slice(0, 2).map((driver) => driver.text);
  if (texts.length > 0) return texts.join('; ');
  return unit.level === null || unit.level > 1 ? unit.sentence : unit.brief;
}
