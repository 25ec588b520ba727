import { readFileSync, renameSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Pause } from '../domain/ports.ts';
import { replaceFile } from '../replace-file.ts';
import type { Logger } from './logger.ts';

const PauseSchema = Type.Object({
  by: Type.String(),
  reason: Type.String(),
  at: Type.Number(),
  until: Type.Union([Type.Number(), Type.Null()]),
});
const FileSchema = Type.Object({ version: Type.Literal(1), pauses: Type.Record(Type.String(), PauseSchema) });
type File = Static<typeof FileSchema>;

export class PausesNotKept extends Error {
  readonly code = 'PAUSES_NOT_KEPT';
}

/** Which feed instances people have paused, on disk so that a restart does not undo it. */
export interface Pauses {
  of(instance: string): Pause | null;
  all(): ReadonlyMap<string, Pause>;
  /** On disk when it returns; throws `PausesNotKept`, and nothing has changed, where that fails. */
  set(instances: readonly string[], pause: Pause): void;
  clear(instances: readonly string[]): void;
  /** The file could not be read at the start, so what was paused is not known; until somebody pauses anew. */
  lost(): boolean;
}

/** `path` null: kept in memory only. */
export function openPauses(path: string | null, logger: Logger): Pauses {
  const read = path === null ? NONE : readPauses(path, logger);
  let kept: ReadonlyMap<string, Pause> = new Map(Object.entries(read.pauses));
  let { lost } = read;
  const replace = (next: ReadonlyMap<string, Pause>): void => {
    if (path !== null) write(path, { version: 1, pauses: Object.fromEntries(next) });
    kept = next;
  };
  return {
    of: (instance) => kept.get(instance) ?? null,
    all: () => kept,
    set(instances, pause) {
      replace(new Map([...kept, ...instances.map((id) => [id, pause] as const)]));
      lost = false;
    },
    clear(instances) {
      const ending = new Set(instances);
      replace(new Map([...kept].filter(([id]) => !ending.has(id))));
    },
    lost: () => lost,
  };
}

interface FromDisk {
  readonly pauses: File['pauses'];
  readonly lost: boolean;
}

const NONE: FromDisk = { pauses: {}, lost: false };

function readPauses(path: string, logger: Logger): FromDisk {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Value.Check(FileSchema, file)) return { pauses: file.pauses, lost: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NONE;
  }
  const aside = `${path}.unreadable`;
  logger.error({ type: 'feed-pauses-unreadable', aside }, 'paused feeds could not be read: none is paused');
  try {
    renameSync(path, aside);
  } catch (error) {
    logger.error({ type: 'feed-pauses-unmoved', err: error }, 'the unreadable list of paused feeds stays in its place');
  }
  return { pauses: {}, lost: true };
}

function write(path: string, file: File): void {
  try {
    replaceFile(path, JSON.stringify(file));
  } catch (cause) {
    throw new PausesNotKept('the list of paused feeds cannot be written', { cause });
  }
}
