import type { Level } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import { isClosed } from '../format/closed.ts';

/** A unit made ready to be looked for, with what it hangs under, nearest first. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly where: string;
  readonly text: string;
  readonly code: string;
  readonly all: string;
}

export interface Found {
  readonly entry: Entry;
  /** How well it fits, 0 best. */
  readonly rank: number;
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  practice: 'practice gp surgery',
  hub: 'hub',
  'out-of-hours': 'out of hours ooh',
  nhs111: '111 nhs111',
  'urgent-treatment': 'urgent treatment walk in',
  'acute-visiting': 'acute visiting',
  'clinical-response': 'clinical response',
  pharmacy: 'pharmacy',
  neighbourhood: 'neighbourhood pcn network',
  place: 'place locality',
  system: 'system',
};

/** Case, accents, apostrophes and the way "and" is written make no difference. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f'’`]/g, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Every unit of a board, once for as long as the palette is open: levels are read when they are shown. */
export function entriesOf(units: ReadonlyMap<string, Unit>): Entry[] {
  const top = [...units.values()].find((unit) => unit.kind === 'system');
  return [...units.values()].map((unit) => {
    const above = ancestors(units, unit).filter((name) => name !== top?.name);
    const where = above.join(', ');
    const text = fold(unit.name);
    const code = unit.id.toLowerCase();
    const kind = KIND_WORDS[unit.siteKind ?? unit.kind] ?? '';
    return { id: unit.id, name: unit.name, where, text, code, all: `${text} ${fold(where)} ${code} ${kind}` };
  });
}

function ancestors(units: ReadonlyMap<string, Unit>, unit: Unit): string[] {
  const names: string[] = [];
  for (let parent = units.get(unit.parent ?? ''); parent && names.length < 8;) {
    names.push(parent.name);
    parent = units.get(parent.parent ?? '');
  }
  return names;
}

/** How well a name, a code and everything else fit what was typed; null: not at all. 0 is the code itself. */
export function rankOf({ text, code, all }: Pick<Entry, 'text' | 'code' | 'all'>, query: string): number | null {
  const wanted = fold(query);
  if (wanted === '') return null;
  const raw = query.trim().toLowerCase();
  if (code === raw) return 0;
  if (text.startsWith(wanted)) return 1;
  if (code.startsWith(raw)) return 1.5;
  const parts = wanted.split(' ');
  if (parts.every((part) => beginsWord(text, part))) return 2;
  if (parts.every((part) => text.includes(part))) return 3;
  return parts.every((part) => beginsWord(all, part)) ? 4 : null;
}

const beginsWord = (text: string, part: string) => text.startsWith(part) || text.includes(` ${part}`);

/** What deserves to stand first among equals: worse levels; unknown between 2 and 3, closed last. */
export function urgency(unit: Unit | undefined): number {
  if (!unit || isClosed(unit)) return 0;
  const level: Level | null = unit.level;
  return level ?? 2.5;
}

/** Best fit first, then the worse level, then groups before single sites, then the larger. `more`: what found no room. */
export function findUnits(
  entries: readonly Entry[],
  query: string,
  units: ReadonlyMap<string, Unit>,
  most: number,
): { readonly found: readonly Found[]; readonly more: number } {
  const hits = entries.flatMap((entry) => {
    const rank = rankOf(entry, query);
    return rank === null ? [] : [{ entry, rank, unit: units.get(entry.id) }];
  });
  hits.sort(
    (a, b) =>
      a.rank - b.rank ||
      urgency(b.unit) - urgency(a.unit) ||
      Number(a.unit?.kind === 'site') - Number(b.unit?.kind === 'site') ||
      (b.unit?.population ?? 0) - (a.unit?.population ?? 0) ||
      a.entry.name.localeCompare(b.entry.name),
  );
  return { found: hits.slice(0, most), more: Math.max(0, hits.length - most) };
}
