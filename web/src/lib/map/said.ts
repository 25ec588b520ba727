import { LEVELS, LEVEL_WORDS, type Level } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { sayCount, sayNumber, sayShare } from '../format/numbers.ts';
import type { Colouring } from './colouring.ts';
import { GRAIN_NOUNS, type Grain } from './drawn.ts';
import { levelOf, shownAt, type Quarter, type Shown } from './moment.ts';

/** How many units are drawn as what. */
export type Counts = ReadonlyMap<Shown, number>;

export function countShown(units: readonly Unit[], quarter: Quarter): Counts {
  const counts = new Map<Shown, number>();
  for (const unit of units) {
    const shown = shownAt(unit, quarter);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return counts;
}

export interface CountRow {
  readonly shown: Shown;
  readonly name: string;
  readonly count: number;
}

/** The key with its counts: every level always, the rest where there is any. Adds up to the units drawn. */
export function countRows(counts: Counts): CountRow[] {
  const rest: readonly (readonly [Shown, string])[] = [
    ['unknown', 'Unknown'],
    ['closed', 'Closed'],
    ['none', 'Not recorded'],
  ];
  return [
    ...[...LEVELS]
      .reverse()
      .map((level) => ({ shown: level, name: LEVEL_WORDS[level], count: counts.get(level) ?? 0 })),
    ...rest.flatMap(([shown, name]) => {
      const count = counts.get(shown) ?? 0;
      return count > 0 || shown === 'unknown' ? [{ shown, name, count }] : [];
    }),
  ];
}

/** What the picture says, in one or two sentences; figures marked `**bold**`. */
export function sayMap(
  grain: Grain,
  parents: ReadonlyMap<string, Unit>,
  colouring: Colouring,
  quarter: Quarter,
): string {
  if (colouring === 'coverage' && quarter === null) return sayCoverage(grain);
  if (colouring === 'patients') return sayPatients(grain);
  const { units } = grain;
  const nouns = GRAIN_NOUNS[grain.kind];
  const all = sayCount(units.length, nouns.one, nouns.many);
  const worst = units.filter((unit) => (levelOf(shownAt(unit, quarter)) ?? 0) >= 3);
  const unknown = units.filter((unit) => shownAt(unit, quarter) === 'unknown').length;
  const dark = unknown > 0 ? ` **${sayNumber(unknown)}** ${unknown === 1 ? 'is' : 'are'} unknown.` : '';
  if (worst.length === 0) return `${sayCalm(units, quarter, all)}${dark}`;
  const amid = worst.length > 3 ? sayWhere(worst, parents) : sayNames(worst);
  return `**${sayNumber(worst.length)} of ${all}** severe or worse${amid}.${dark}`;
}

function sayCalm(units: readonly Unit[], quarter: Quarter, all: string): string {
  const highest = Math.max(0, ...units.map((unit) => levelOf(shownAt(unit, quarter)) ?? 0));
  if (highest === 0) return `Nothing is known of ${all}.`;
  const at = units.filter((unit) => shownAt(unit, quarter) === highest).length;
  const word = LEVEL_WORDS[highest as Level].toLowerCase();
  return highest === 1
    ? `None of ${all} is above normal.`
    : `None of ${all} is severe; **${sayNumber(at)}** ${at === 1 ? 'is' : 'are'} ${word}.`;
}

const sayNames = (units: readonly Unit[]) => `: **${units.map(({ name }) => name).join('**, **')}**`;

/** Where most of them are: at most three of their parents. */
function sayWhere(worst: readonly Unit[], parents: ReadonlyMap<string, Unit>): string {
  const byParent = [...Map.groupBy(worst, ({ parent }) => parent ?? '')]
    .map(([id, members]) => ({ name: parents.get(id)?.name ?? '', count: members.length }))
    .filter(({ name }) => name !== '')
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en-GB'))
    .slice(0, 3);
  if (byParent.length === 0) return '';
  const elsewhere = worst.length - byParent.reduce((sum, { count }) => sum + count, 0);
  const rest = elsewhere > 0 ? ` and ${sayNumber(elsewhere)} elsewhere` : '';
  return `: ${byParent.map(({ name, count }) => `**${count} in ${name}**`).join(', ')}${rest}`;
}

function sayCoverage({ units, kind }: Grain): string {
  const open = units.filter(({ population }) => (population ?? 0) > 0);
  const patients = open.reduce((sum, { population }) => sum + (population ?? 0), 0);
  const seen = open.reduce((sum, { population, coverage }) => sum + (population ?? 0) * coverage, 0);
  const least = [...open].sort((a, b) => a.coverage - b.coverage)[0];
  if (!least || patients === 0) return 'No registered patients here.';
  const all = `**${sayShare(seen / patients)}** of ${sayNumber(patients)} patients are in view`;
  if (least.coverage >= 0.999) return `${all}: every ${GRAIN_NOUNS[kind].one} reports.`;
  return `${all}. Least is known of **${least.name}**: ${sayShare(least.coverage)}.`;
}

function sayPatients({ units, kind }: Grain): string {
  const patients = units.reduce((sum, { population }) => sum + (population ?? 0), 0);
  const largest = [...units].sort((a, b) => (b.population ?? 0) - (a.population ?? 0))[0];
  const nouns = GRAIN_NOUNS[kind];
  const all = `**${sayNumber(patients)}** registered patients in ${sayCount(units.length, nouns.one, nouns.many)}.`;
  return largest ? `${all} The largest: **${largest.name}**, ${sayNumber(largest.population ?? 0)}.` : all;
}
