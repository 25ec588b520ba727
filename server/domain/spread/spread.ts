import type { LeadLag, SpreadNeighbour } from '#shared/protocol/spread.ts';
import { DAYS, findLead, HOURS, type Finding, type Sides } from './lead-lag.ts';
import { sayLead, saySpread, type Findings } from './sentence.ts';

/** A unit to compare: its name as sentences say it, and its departures from its own usual. */
export interface Compared {
  readonly id: string;
  readonly name: string;
  readonly sides: Sides;
}

/** Lead and lag of two units at both scales, and the sentence about them. */
export function compareTwo(a: Compared, b: Compared, weeks: number): { scales: LeadLag[]; sentence: string } {
  const found = findBoth(a, b, 1);
  return { scales: [found.hours.lead, found.days.lead], sentence: saySpread(a.name, b.name, found, weeks) };
}

/**
 * What one neighbour is to `a` where that stands out of chance, else null. `of`: how many neighbours are looked at; the
 * more there are, the more must stand out.
 */
export function compareNeighbour(a: Compared, b: Compared, of: number, weeks: number): SpreadNeighbour | null {
  const { hours, days } = findBoth(a, b, of);
  const found = [hours, days].find(leads) ?? [hours, days].find(({ verdict }) => verdict === 'together');
  if (found === undefined) return null;
  const { scale, lagMs, correlation, chance, pairs } = found.lead;
  if (lagMs === null || correlation === null || chance === null) return null;
  const sentence = sayLead(a.name, b.name, found, weeks);
  return { id: b.id, name: b.name, scale, lagMs, correlation, chance, pairs, sentence };
}

/** Those that lead or lag before those that only go together; within both, the furthest above chance first. */
export function rank(neighbours: readonly SpreadNeighbour[]): SpreadNeighbour[] {
  const clarity = (n: SpreadNeighbour) => n.correlation / n.chance;
  const together = (n: SpreadNeighbour) => (n.lagMs === 0 ? 1 : 0);
  return neighbours.toSorted((x, y) => together(x) - together(y) || clarity(y) - clarity(x));
}

/** "Of 64 compared, 2 rise before Bolton, 1 after it and 5 together with it". */
export function sayNeighbours(name: string, found: readonly SpreadNeighbour[], compared: number): string {
  if (compared === 0) return `${name} has no neighbour of its kind to be compared with`;
  const before = found.filter((n) => n.lagMs < 0).length;
  const after = found.filter((n) => n.lagMs > 0).length;
  const together = found.length - before - after;
  if (found.length === 0) return `Of ${compared} compared, none stands out of chance beside ${name}`;
  const rise = (n: number) => `${n} ${n === 1 ? 'rises' : 'rise'}`;
  return `Of ${compared} compared, ${rise(before)} before ${name}, ${after} after it and ${together} together with it`;
}

function findBoth(a: Compared, b: Compared, comparisons: number): Findings {
  return {
    hours: findLead(HOURS, a.sides.hours, b.sides.hours, comparisons),
    days: findLead(DAYS, a.sides.days, b.sides.days, comparisons),
  };
}

const leads = ({ verdict }: Finding) => verdict === 'first' || verdict === 'second';
