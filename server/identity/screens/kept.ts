import { readFileSync, renameSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { ScreenSettingsSchema } from '#shared/protocol/screens.ts';
import { replaceFile } from '../../replace-file.ts';
import { codeOf } from '../../domain/error-code.ts';
import { ScreensProblem } from './problem.ts';

const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const KeptScreenSchema = Type.Object({
  id: Type.String(),
  settings: ScreenSettingsSchema,
  revision: Type.Integer(),
  pairedAt: Type.String(),
  pairedBy: Type.String(),
  revokedAt: TextOrNull,
  /** Hash of what the wall's cookie holds; null until it has collected one. */
  token: TextOrNull,
  /** Hash of the secret with which the wall collects; null once it has reported. */
  secret: TextOrNull,
});
/** A paired wall as it is on disk. */
export type KeptScreen = Static<typeof KeptScreenSchema>;
const FileSchema = Type.Object({ version: Type.Literal(1), screens: Type.Array(KeptScreenSchema) });

export interface KeptLogger {
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * Paired walls in a small file of the data folder, and not in the database: a wall must outlive the database being away,
 * and a server that starts without one.
 */
export class KeptScreens {
  #screens: ReadonlyMap<string, KeptScreen>;
  readonly #path: string | null;
  readonly #logger: KeptLogger;
  /** The file could not be read at the start, so no wall is known; until one is paired anew. */
  lost: boolean;

  /** `path` null: in memory only. */
  constructor(path: string | null, logger: KeptLogger) {
    this.#path = path;
    this.#logger = logger;
    const read = path === null ? [] : this.#read(path);
    this.lost = read === null;
    this.#screens = new Map((read ?? []).map((screen) => [screen.id, screen]));
  }

  all(): readonly KeptScreen[] {
    return [...this.#screens.values()];
  }

  get(id: string): KeptScreen | undefined {
    return this.#screens.get(id);
  }

  /** On disk when it returns; throws `SCREENS_NOT_KEPT`, and nothing has changed, where that fails. */
  put(screen: KeptScreen): void {
    this.#replace(new Map([...this.#screens, [screen.id, screen]]));
    this.lost = false;
  }

  remove(ids: ReadonlySet<string>): void {
    this.#replace(new Map([...this.#screens].filter(([id]) => !ids.has(id))));
  }

  #replace(next: ReadonlyMap<string, KeptScreen>): void {
    try {
      if (this.#path !== null) replaceFile(this.#path, JSON.stringify({ version: 1, screens: [...next.values()] }));
    } catch (cause) {
      this.#logger.error({ type: 'screens.not-kept', err: cause }, 'the list of paired screens cannot be written');
      throw new ScreensProblem('SCREENS_NOT_KEPT', 'The list of screens cannot be written now; nothing was changed', {
        cause,
      });
    }
    this.#screens = next;
  }

  #read(path: string): readonly KeptScreen[] | null {
    try {
      const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (Value.Check(FileSchema, file)) return file.screens;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
    }
    const aside = `${path}.unreadable`;
    this.#logger.error({ type: 'screens.unreadable', aside }, 'paired screens could not be read: none is paired');
    try {
      renameSync(path, aside);
    } catch (error) {
      this.#logger.error({ type: 'screens.unmoved', err: error }, 'the unreadable list of screens stays in its place');
    }
    return null;
  }
}
