import Type from 'typebox';
import { DECLARED_REASONS, isDeclaredReason } from '#shared/model/declared-reasons.ts';
import { DECLARED_ROLES, isDeclaredRole } from '#shared/model/declared-roles.ts';
import type { UnitDef } from '#shared/model/definition.ts';
import type { Level } from '#shared/model/level.ts';
import { HOUR, type EpochMs } from '#shared/model/time.ts';
import type { DeclaredReading, Reading } from '../../domain/ports.ts';
import type { Redaction } from './adapter.ts';
import { createSiteFinder } from './documents.ts';
import { CODE, compiled, notReported, parseInstant, refuse, TIME, type Refusals } from './values.ts';

/** A declaration without an end stands for a day; one of longer than two weeks was meant otherwise. */
const STANDS = 24 * HOUR;
const LONGEST = 14 * STANDS;
const AHEAD = HOUR / 30;

const EntrySchema = compiled(
  Type.Object({
    odsCode: Type.String({ minLength: 1, maxLength: 40 }),
    level: Type.Unknown(),
    declaredAt: Type.Unknown(),
  }),
);

const LEVELS: Readonly<Record<string, Level>> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  'opel-1': 1,
  'opel-2': 2,
  'opel-3': 3,
  'opel-4': 4,
  green: 1,
  amber: 2,
  red: 3,
  black: 4,
};

const anyOf = (words: readonly string[]): RegExp => new RegExp(`^(?:${words.join('|')})$`, 'i');

/** Codes only: what people wrote beside them is in no list and so is masked. */
export const DECLARED_REDACTION: Redaction = {
  keeps: {
    odsCode: CODE,
    generatedAt: TIME,
    declaredAt: TIME,
    until: TIME,
    level: anyOf(Object.keys(LEVELS)),
    reason: anyOf(Object.keys(DECLARED_REASONS)),
    role: anyOf(Object.keys(DECLARED_ROLES)),
  },
  links: [],
};

export interface DeclaredList {
  /** What stands now, or was stood down, by site. */
  readonly standing: ReadonlyMap<UnitDef, DeclaredReading>;
  /** Sites whose declaration was there but could not be taken. */
  readonly refused: ReadonlySet<UnitDef>;
  readonly duplicates: number;
}

/** What sites' people declare: level, reason and role as codes of ours, with their times; nothing they wrote is read. */
export function readDeclared(
  list: readonly unknown[],
  place: string,
  sites: readonly UnitDef[],
  now: EpochMs,
  refusals: Refusals,
): DeclaredList {
  const finder = createSiteFinder(sites, refusals);
  const standing = new Map<UnitDef, DeclaredReading>();
  const refused = new Set<UnitDef>();
  for (const [i, entry] of list.entries()) {
    const at = `${place}/${i}`;
    if (!EntrySchema.Check(entry)) {
      refuse(refusals, at, EntrySchema, entry);
      continue;
    }
    const site = finder.take(entry.odsCode, `${at}/odsCode`);
    if (!site) continue;
    const declared = readEntry(entry as Readonly<Record<string, unknown>>, site.id, at, now, refusals);
    if (declared === 'refused') refused.add(site);
    else if (declared.until > now) standing.set(site, declared);
  }
  return { standing, refused, duplicates: finder.duplicates };
}

function readEntry(
  entry: Readonly<Record<string, unknown>>,
  site: string,
  place: string,
  now: EpochMs,
  refusals: Refusals,
): DeclaredReading | 'refused' {
  const level = levelOf(entry['level']);
  const at = parseInstant(entry['declaredAt']);
  if (level === undefined)
    refusals.add(`${place}/level`, 'must be a level: 1 to 4, opel-1 to opel-4, a colour or null');
  if (at === null) refusals.add(`${place}/declaredAt`, 'must be a date and time with its offset');
  else if (at > now + AHEAD) refusals.add(`${place}/declaredAt`, 'is ahead of our clock');
  if (level === undefined || at === null || at > now + AHEAD) return 'refused';
  return {
    site,
    level,
    reason: codeOf(entry['reason'], isDeclaredReason) ?? (level === null ? 'stood-down' : 'unstated'),
    by: DECLARED_ROLES[codeOf(entry['role'], isDeclaredRole) ?? 'unstated'],
    at: Math.min(at, now),
    until: untilOf(entry['until'], at, `${place}/until`, refusals),
  };
}

function untilOf(value: unknown, at: EpochMs, place: string, refusals: Refusals): EpochMs {
  if (value === undefined || value === null) return at + STANDS;
  const until = parseInstant(value);
  if (until === null) refusals.add(place, 'must be a date and time with its offset');
  else if (until <= at || until > at + LONGEST) refusals.add(place, 'must be within two weeks after declaredAt');
  else return until;
  return at + STANDS;
}

/** The level a text or number names; null: stood down; undefined: none of these. */
function levelOf(value: unknown): Level | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const word = String(value).trim().toLowerCase();
  return Object.hasOwn(LEVELS, word) ? LEVELS[word] : undefined;
}

function codeOf<Code extends string>(value: unknown, isCode: (text: string) => text is Code): Code | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return isCode(word) ? word : null;
}

/** What was read last. */
export interface DeclaredMemory {
  /** What was said of each site's declaration; absent: nothing yet. */
  readonly said: ReadonlyMap<string, DeclaredReading>;
  readonly readings: readonly Reading[];
}

export const NOTHING_DECLARED: DeclaredMemory = { said: new Map(), readings: [] };

/**
 * What is to be said now: all that stands, and once for each site whose declaration has gone from the document (or
 * of which nothing is known yet) that nothing stands, so that a withdrawn declaration does not outlive its document.
 * `at`: of the document. One that cannot be read withdraws nothing: what stood before it stands until its own end.
 */
export function sayDeclared(
  { standing, refused }: DeclaredList,
  sites: readonly UnitDef[],
  { at, now }: { readonly at: EpochMs; readonly now: EpochMs },
  memory: DeclaredMemory,
): { readonly declared: DeclaredReading[]; readonly said: DeclaredMemory['said'] } {
  const declared: DeclaredReading[] = [];
  const said = new Map<string, DeclaredReading>();
  for (const site of sites) {
    const before = memory.said.get(site.id);
    const unreadable = refused.has(site);
    if (unreadable && before === undefined) continue;
    const stands = unreadable && before && before.until > now ? before : standing.get(site);
    const latest = stands ?? withdrawn(site.id, at);
    const known = latest.level === null && before?.level === null;
    if (!known) declared.push(latest);
    said.set(site.id, known ? before : latest);
  }
  return { declared, said };
}

/** The last readings, without the levels of declarations that have ended since: an unchanged document does not say so. */
export function standingAt({ said, readings }: DeclaredMemory, now: EpochMs): readonly Reading[] {
  const ended = (site: string): boolean => (said.get(site)?.until ?? Infinity) <= now;
  const isOver = ({ metric, site, value }: Reading): boolean =>
    metric === 'declared.level' && value !== null && ended(site);
  if (!readings.some(isOver)) return readings;
  return readings.flatMap((reading) =>
    isOver(reading) ? notReported(reading.site, ['declared.level'], 'missing-site') : [reading],
  );
}

const withdrawn = (site: string, at: EpochMs): DeclaredReading => ({
  site,
  level: null,
  reason: 'stood-down',
  by: DECLARED_ROLES.unstated,
  at,
  until: at + STANDS,
});
