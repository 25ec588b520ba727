import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const Text = Type.String({ minLength: 1 });
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The environment as the server process reads it. What feeds name as `${NAME}` is read by `secret`, not here. */
const EnvironmentSchema = Type.Object({
  HOST: Type.Optional(Text),
  PORT: Type.Optional(Type.String({ pattern: '^\\d{1,5}$' })),
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  HEADROOM_DATA: Text,
  HEADROOM_SYSTEM: Text,
  HEADROOM_RUN: Type.Optional(Text),
  HEADROOM_OPEN: Type.Optional(Type.Literal('demonstration')),
  HEADROOM_HOSTS: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.:\\[\\], -]*$' })),
  HEADROOM_LOG: Type.Optional(Type.Union(LEVELS.map((l) => Type.Literal(l)))),
  HEADROOM_BUILD: Type.Optional(Text),
  HEADROOM_WEB: Type.Optional(Text),
});
type Environment = Static<typeof EnvironmentSchema>;

const MEANT: Readonly<Record<keyof Environment, string>> = {
  HOST: 'an address to listen on, such as 127.0.0.1',
  PORT: 'a port from 0 to 65535',
  DATABASE_URL: 'a postgres:// address',
  HEADROOM_DATA: 'the folder for the journal',
  HEADROOM_SYSTEM: 'the folder of the system definition',
  HEADROOM_RUN: 'the path of run.json',
  HEADROOM_OPEN: 'the word "demonstration", or nothing',
  HEADROOM_HOSTS: 'host names separated by commas',
  HEADROOM_LOG: LEVELS.join(', '),
  HEADROOM_BUILD: 'the version of this build',
  HEADROOM_WEB: 'the folder of the built web pages',
};

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly dataFolder: string;
  readonly systemFolder: string;
  /** Path of run.json; null in production, where the clock is the real one. */
  readonly runFile: string | null;
  /** Words for every screen while the server is open beyond loopback without identity; else null. */
  readonly open: string | null;
  /** Host names, beside loopback and `host`, under which browsers may reach this server. */
  readonly hosts: readonly string[];
  readonly logLevel: (typeof LEVELS)[number];
  readonly build: string;
  readonly webFolder: string;
}

const REQUIRED: ReadonlySet<string> = new Set(['DATABASE_URL', 'HEADROOM_DATA', 'HEADROOM_SYSTEM']);

/** Every fault of the environment at once, each with its variable. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((f) => `  ${f}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Folder under which every system keeps what it has: `HEADROOM_HOME`, else `.headroom` in the project. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  const given = env['HEADROOM_HOME'];
  return given ? resolve(given) : fileURLToPath(new URL('../.headroom', import.meta.url));
}

/** Whether only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Reads and checks the server's environment. Throws `ConfigError`, which lists every fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.keys(MEANT).flatMap((k) => (env[k] ? [[k, env[k]]] : [])));
  const faults = Object.keys(MEANT).flatMap((name) => {
    const meant = MEANT[name as keyof Environment];
    const schema = EnvironmentSchema.properties[name as keyof Environment];
    if (given[name] === undefined) return REQUIRED.has(name) ? [`${name} is not set: ${meant} is needed`] : [];
    return Value.Check(schema, given[name]) ? [] : [`${name} must be ${meant}`];
  });
  const environment = given as Environment;
  const host = environment.HOST ?? '127.0.0.1';
  const port = Number(environment.PORT ?? 8080);
  if (port > 65_535) faults.push(`PORT must be ${MEANT.PORT}`);
  const beyond = !isLoopback(host);
  if (beyond && environment.HEADROOM_OPEN === undefined) {
    faults.push(
      `HOST is ${host}, which others can reach, and no sign-in is configured: ` +
        'use 127.0.0.1, or set HEADROOM_OPEN=demonstration if everybody may see this',
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    host,
    port,
    databaseUrl: environment.DATABASE_URL,
    dataFolder: environment.HEADROOM_DATA,
    systemFolder: environment.HEADROOM_SYSTEM,
    runFile: environment.HEADROOM_RUN ?? null,
    open: beyond ? 'Open demonstration: anyone who can reach this server can see it, without signing in' : null,
    hosts: Object.freeze((environment.HEADROOM_HOSTS ?? '').split(',').flatMap((h) => h.trim().toLowerCase() || [])),
    logLevel: environment.HEADROOM_LOG ?? 'info',
    build: environment.HEADROOM_BUILD ?? 'development',
    webFolder: environment.HEADROOM_WEB ?? fileURLToPath(new URL('../web/build', import.meta.url)),
  });
}

/** How long a file's content stands before it is looked at again: thousands of polls a minute ask for the same few. */
const SECRET_MS = 1000;

/**
 * Looks up `${NAME}`: the environment's NAME, else the content of the file that NAME_FILE names, read again within a
 * second of its change. Undefined when there is neither (or the file is gone): whoever asks says so, by name only.
 * `monotonic`: real milliseconds.
 */
export function createSecret(
  env: NodeJS.ProcessEnv = process.env,
  monotonic: () => number = () => performance.now(),
): (name: string) => string | undefined {
  const files = new Map<string, { stamp: string; value: string | undefined; lookedAt: number }>();
  const look = (path: string, now: number): string | undefined => {
    const known = files.get(path);
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const stamp = `${mtimeMs}/${size}/${ino}`;
      const value = known?.stamp === stamp ? known.value : readFileSync(path, 'utf8').trim();
      files.set(path, { stamp, value, lookedAt: now });
      return value;
    } catch {
      files.set(path, { stamp: '', value: undefined, lookedAt: now });
      return undefined;
    }
  };
  return (name) => {
    const direct = env[name];
    if (direct !== undefined && direct !== '') return direct;
    const path = env[`${name}_FILE`];
    if (!path) return undefined;
    const now = monotonic();
    const known = files.get(path);
    return known && now - known.lookedAt < SECRET_MS ? known.value : look(path, now);
  };
}
