import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EmbeddedDatabase } from '../store/embedded.ts';
import { freePort } from '../store/embedded-port.ts';
import { buildVersion } from './build.ts';
import { demonstrationSecrets } from './demonstration-secrets.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { openLogFile } from './log-file.ts';
import { ChildFailed, startChild, type Child } from './node-child.ts';
import { PROJECT, type Options } from './options.ts';
import type { Prepared } from './prepare.ts';

const SERVER_LIMIT_MS = 60_000;
const SIMULATOR_LIMIT_MS = 60_000;
/** A server whose supervisor was killed still writes its last batch: its journal is free a moment later. */
const LOCK_LIMIT_MS = 20_000;

export interface House {
  /** Starts everything; resolves with the server's address. */
  start(): Promise<string>;
  /** Ends everything, whoever writes before whoever is written to. */
  stop(): Promise<void>;
  kill(): void;
  renewServer(): void;
}

export interface HouseDeps {
  readonly options: Options;
  readonly prepared: Prepared;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly logger: Logger;
}

/** Database, simulator and server, each kept running, with addresses that stay the same as long as we live. */
export async function createHouse(given: HouseDeps): Promise<House> {
  const { options, prepared, say, env } = given;
  const secrets = prepared.demonstration === null ? {} : demonstrationSecrets(prepared.definition, env);
  const deps = { ...given, env: { ...env, ...secrets } };
  const logs = join(prepared.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const simulatorPort = prepared.demonstration === null ? null : await freePort();
  const server = openLogFile(join(logs, 'server.log'));
  let url = '';
  let databaseUrl = options.databaseUrl;
  let databasePort: number | null = null;

  const database: Keeper | null =
    options.databaseUrl !== null
      ? null
      : createKeeper({
          name: 'The database',
          say,
          launch: async () => {
            // Not loaded where a database of one's own is used: its programs may not even be installed there.
            const { startEmbedded } = await import('../store/embedded.ts');
            databasePort ??= await freePort();
            const running = await startEmbedded({
              folder: join(prepared.folder, 'database'),
              logger: deps.logger,
              port: databasePort,
            });
            databaseUrl = running.url;
            return asRunning(running);
          },
        });
  const simulator = simulatorPort === null ? null : createSimulatorKeeper(deps, simulatorPort, logs);
  const keeper = createKeeper({
    name: 'The server',
    say,
    launch: () =>
      whileLocked(async () => {
        const child = await startChild({
          script: join(PROJECT, 'server/main.ts'),
          args: [],
          cwd: PROJECT,
          env: serverEnvironment(deps, databaseUrl, simulatorPort),
          log: server,
          readyLimitMs: SERVER_LIMIT_MS,
        });
        url = child.url ?? `http://${options.host}:${deps.port}`;
        return child;
      }),
  });

  return {
    async start() {
      // The server needs the database's address, and nothing of the simulator but its port.
      await Promise.all([simulator?.start(), (database?.start() ?? Promise.resolve()).then(() => keeper.start())]);
      return url;
    },
    async stop() {
      await keeper.stop();
      await Promise.all([simulator?.stop(), database?.stop()]);
      server.close();
    },
    kill() {
      for (const each of [keeper, simulator, database]) each?.kill();
    },
    renewServer: () => {
      keeper.renew();
    },
  };
}

function createSimulatorKeeper({ prepared, env, say }: HouseDeps, port: number, logs: string): Keeper {
  const log = openLogFile(join(logs, 'simulator.log'));
  const { demonstration } = prepared;
  return createKeeper({
    name: 'The simulator',
    say,
    launch: () =>
      startChild({
        script: join(PROJECT, 'server/simulator/main.ts'),
        args: [
          ...['--port', String(port)],
          ...['--world', demonstration?.world ?? ''],
          ...['--run', demonstration?.run.path ?? ''],
          ...['--outside', demonstration?.outside ?? ''],
        ],
        cwd: PROJECT,
        env,
        log,
        readyLimitMs: SIMULATOR_LIMIT_MS,
      }),
  });
}

function serverEnvironment(
  deps: HouseDeps,
  databaseUrl: string | null,
  simulatorPort: number | null,
): NodeJS.ProcessEnv {
  const { options, prepared, env } = deps;
  return {
    ...env,
    HOST: options.host,
    PORT: String(deps.port),
    HEADROOM_DATA: prepared.data,
    HEADROOM_SYSTEM: options.systemFolder,
    HEADROOM_BUILD: buildVersion(),
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...(prepared.demonstration === null ? {} : { HEADROOM_RUN: prepared.demonstration.run.path }),
    ...(simulatorPort === null ? {} : { FEEDS_URL: `http://127.0.0.1:${simulatorPort}` }),
  };
}

async function whileLocked(launch: () => Promise<Child>): Promise<Child> {
  const until = performance.now() + LOCK_LIMIT_MS;
  for (;;) {
    try {
      return await launch();
    } catch (error) {
      const locked = error instanceof ChildFailed && error.code === 'FOLDER_LOCKED';
      if (!locked || performance.now() > until) throw error;
      await wait(250);
    }
  }
}

function asRunning(database: EmbeddedDatabase) {
  return {
    ended: database.ended,
    stop: () => database.stop(),
    kill: () => {
      database.kill();
    },
  };
}
