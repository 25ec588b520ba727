import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ZONE, type EpochMs } from '#shared/model/time.ts';
import { homeOf } from '../config.ts';
import { findSystemFolder, noSystem, shippedSystems } from '../definition/system-folder.ts';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const DEFAULT_SYSTEM = 'greater-manchester';

/** Wrong words on the command line or in the environment: told, not traced. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

export interface Options {
  readonly systemFolder: string;
  /** Null: not said. */
  readonly speed: number | null;
  readonly from: EpochMs | null;
  readonly scenario: string | null;
  readonly fresh: boolean;
  readonly dev: boolean;
  readonly host: string;
  readonly port: number;
  /** Whether the port was asked for: then there is no other. */
  readonly portGiven: boolean;
  /** Folder for everything that is kept. */
  readonly home: string;
  readonly databaseUrl: string | null;
}

export const HELP = `npm start -- [options]
  --system <id or folder>  ${shippedSystems().join(', ') || DEFAULT_SYSTEM}, or a folder of your own
  --speed <n>              how much faster than real time it runs (0.1 to 600)
  --from <time>            where a new run begins, London time: 2026-01-12T07:45
  --scenario <name>        scripted events, by name or by the path of a file
  --fresh                  begin a new run instead of resuming
PORT (8080), HOST (127.0.0.1), DATABASE_URL and HEADROOM_HOME (.headroom) come from the environment.
`;

/** Reads command line and environment. Throws `UsageError`; null when help was asked for. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | null {
  const given = parse(args);
  if (given.help === true) return null;
  return {
    systemFolder: systemFolder(given.system ?? DEFAULT_SYSTEM),
    speed: given.speed === undefined ? null : speedOf(given.speed),
    from: given.from === undefined ? null : localTime(given.from),
    scenario: given.scenario ?? null,
    fresh: given.fresh === true,
    dev: given.dev === true,
    host: env['HOST'] || '127.0.0.1',
    port: env['PORT'] ? portOf(env['PORT']) : 8080,
    portGiven: Boolean(env['PORT']),
    home: homeOf(env),
    databaseUrl: env['DATABASE_URL'] || null,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        system: { type: 'string' },
        speed: { type: 'string' },
        from: { type: 'string' },
        scenario: { type: 'string' },
        fresh: { type: 'boolean' },
        dev: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function systemFolder(name: string): string {
  const folder = findSystemFolder(name);
  if (folder === null) throw new UsageError(noSystem(name));
  return folder;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed >= 0.1 && speed <= 600) return speed;
  throw new UsageError(`--speed ${text}: it must be a number from 0.1 to 600.`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`PORT=${text}: it must be a whole number from 0 to 65535.`);
}

/** London time, `2026-01-12T07:45`, or an instant with its offset. Throws `UsageError`. */
export function localTime(text: string): EpochMs {
  try {
    if (/(Z|[+-]\d\d:?\d\d)$/.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).epochMilliseconds;
  } catch {
    throw new UsageError(`--from ${text}: it must be a time in London such as 2026-01-12T07:45.`);
  }
}
