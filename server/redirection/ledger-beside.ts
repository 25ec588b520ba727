import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import { codeOf } from '../domain/error-code.ts';
import { FOUR_WEEKS, raise, type Tally } from '../domain/redirection/tally.ts';
import { rewrite } from './ledger-file.ts';

/** Beside the ledger: ids whose rows the database has and which may leave; need that those showed which have left. */
export const confirmedPath = (path: string): string => path.replace(/\.jsonl$/, '.confirmed.json');
export const needsPath = (path: string): string => path.replace(/\.jsonl$/, '.needs.json');

const Confirmed = Type.Array(Type.String());
const Needs = Type.Array(
  Type.Object({ day: Type.Integer(), practices: Type.Record(Type.String(), Type.Integer({ minimum: 0 })) }),
);

/** Without them nothing leaves, and the database is asked again. */
export const readConfirmed = (path: string): ReadonlySet<string> => new Set(read(confirmedPath(path), Confirmed) ?? []);

export const writeConfirmed = (path: string, ids: readonly string[]): void =>
  rewrite(confirmedPath(path), [JSON.stringify(ids)]);

/** Of the four weeks before `at`. */
export function readNeeds(path: string, at: EpochMs): Tally['need'] {
  const need: Tally['need'] = new Map();
  for (const { day, practices } of read(needsPath(path), Needs) ?? [])
    if (day >= dayStart(at) - FOUR_WEEKS)
      for (const [practice, count] of Object.entries(practices)) raise(need, day, practice, count);
  return need;
}

export const writeNeeds = (path: string, need: Tally['need']): void =>
  rewrite(needsPath(path), [
    JSON.stringify([...need].map(([day, practices]) => ({ day, practices: Object.fromEntries(practices) }))),
  ]);

/** Null: not there, or torn. */
function read<T extends Type.TSchema>(path: string, schema: T): Type.Static<T> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(schema, value) ? value : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
