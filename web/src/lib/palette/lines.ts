import type { Level } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';
import type { Command } from './commands.svelte.ts';
import { findUnits, fold, rankOf, type Entry } from './find.ts';
import type { LineKey } from './recent.ts';

/** One line of the palette: somewhere to go, or something to do. */
export interface Line {
  readonly key: LineKey;
  readonly name: string;
  readonly note: string;
  /** Quiet, at the end: the code of a unit. */
  readonly code: string;
  /** Undefined: it has no level. */
  readonly level?: Level | null;
  readonly closed?: boolean;
  readonly href?: string;
  readonly run?: () => void;
  readonly hindered?: string;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
  /** How many more fit what was typed. */
  readonly more: number;
}

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly note: string;
}

export interface Source {
  readonly entries: readonly Entry[];
  readonly units: ReadonlyMap<string, Unit>;
  readonly screens: readonly Place[];
  readonly commands: readonly Command[];
  readonly recent: readonly LineKey[];
}

/** Lines of units are enough to choose from and few enough to draw at every key. */
const MOST_UNITS = 24;

export function sectionsOf(source: Source, query: string): readonly Section[] {
  return (query.trim() === '' ? atRest(source) : fitting(source, query)).filter(({ lines }) => lines.length > 0);
}

function atRest({ recent, screens, commands, entries, units }: Source): Section[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const known = (key: LineKey): Line[] => {
    const [kind, id = ''] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    const entry = kind === 'unit' ? byId.get(id) : undefined;
    const screen = kind === 'screen' ? screens.find((one) => one.id === id) : undefined;
    const command = kind === 'do' ? commands.find((one) => one.id === id) : undefined;
    if (entry) return [unitLine(entry, units)];
    if (screen) return [screenLine(screen)];
    return command ? [commandLine(command)] : [];
  };
  const latest = recent.flatMap(known);
  const taken = new Set(latest.map(({ key }) => key));
  const others = (lines: readonly Line[]) => lines.filter(({ key }) => !taken.has(key));
  return [
    { title: 'Recent', lines: latest, more: 0 },
    { title: 'Screens', lines: others(screens.map(screenLine)), more: 0 },
    { title: 'Do', lines: others(commands.map(commandLine)), more: 0 },
  ];
}

/** The section with the best fit stands first; in doubt the units, as they are what is mostly looked for. */
function fitting({ entries, units, screens, commands }: Source, query: string): Section[] {
  const { found, more } = findUnits(entries, query, units, MOST_UNITS);
  const places = ranked(screens, ({ name, note }) => [name, note], query);
  const deeds = ranked(commands, ({ name, words = '' }) => [name, words], query);
  return [
    { title: 'Units', best: found[0]?.rank ?? 9, lines: found.map(({ entry }) => unitLine(entry, units)), more },
    { title: 'Screens', best: places[0]?.rank ?? 9, lines: places.map(({ one }) => screenLine(one)), more: 0 },
    { title: 'Do', best: deeds[0]?.rank ?? 9, lines: deeds.map(({ one }) => commandLine(one)), more: 0 },
  ].sort((a, b) => a.best - b.best);
}

function ranked<T>(all: readonly T[], wordsOf: (one: T) => readonly [string, string], query: string) {
  return all
    .flatMap((one) => {
      const [name, more] = wordsOf(one);
      const text = fold(name);
      const rank = rankOf({ text, code: '', all: `${text} ${fold(more)}` }, query);
      return rank === null ? [] : [{ one, rank }];
    })
    .sort((a, b) => a.rank - b.rank);
}

function unitLine(entry: Entry, units: ReadonlyMap<string, Unit>): Line {
  const unit = units.get(entry.id);
  return {
    key: `unit:${entry.id}`,
    name: entry.name,
    note: entry.where,
    code: unit?.kind === 'site' && !unit.illustrative ? entry.id : '',
    level: unit?.level ?? null,
    closed: unit ? isClosed(unit) : false,
    href: `/units/${encodeURIComponent(entry.id)}`,
  };
}

const screenLine = ({ id, name, note, href }: Place): Line => ({ key: `screen:${id}`, name, note, code: '', href });

const commandLine = ({ id, name, note = '', hindered = '', run }: Command): Line => ({
  key: `do:${id}`,
  name,
  note: hindered || note,
  code: '',
  run,
  hindered,
});
