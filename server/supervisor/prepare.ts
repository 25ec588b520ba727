import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '#shared/model/definition.ts';
import { atLocal, type EpochMs } from '#shared/model/time.ts';
import type { Scenario } from '#shared/model/scenario.ts';
import { loadDefinition } from '../definition/load.ts';
import { loadNational } from '../definition/national.ts';
import { loadScenario } from '../simulator/scenario-file.ts';
import { takeLock, type FolderLock } from '../store/lock.ts';
import { writeWhole } from './atomic.ts';
import { wordsOf } from './keeper.ts';
import { UsageError, type Options } from './options.ts';
import { openRun, type RunFile } from './run-file.ts';

export interface Prepared {
  readonly definition: Definition;
  /** Folder of everything that this system keeps. */
  readonly folder: string;
  readonly lock: FolderLock;
  /** Null for a system that is not simulated: the clock is the real one. */
  readonly demonstration: { readonly run: RunFile; readonly world: string; readonly outside: string } | null;
  /** Folder for the server's journal. */
  readonly data: string;
}

/** Checks the definition, takes the system's folder for us alone, and resumes or begins its run. */
export async function prepare(options: Options): Promise<Prepared> {
  const loaded = await loadDefinition(options.systemFolder);
  if (!loaded.ok) {
    const faults = loaded.faults.map(({ file, line, message }) => `  ${file}:${line} ${message}`);
    throw new UsageError(`The system definition in ${options.systemFolder} has faults:\n${faults.join('\n')}`);
  }
  const { definition } = loaded;
  const folder = join(options.home, definition.id);
  // Others may pass through, not look around: the database may run as another user, in a folder of its own.
  makeFolder(options.home);
  makeFolder(folder);
  const lock = takeLock(join(folder, 'lock'), `Headroom's folder for ${definition.name}`);
  try {
    if (!definition.simulated) {
      if (options.scenario !== null || options.from !== null || options.speed !== null) {
        throw new UsageError(
          `${definition.name} is not simulated: --speed, --from and --scenario are for demonstrations.`,
        );
      }
      const data = join(folder, 'live');
      mkdirSync(data, { recursive: true, mode: 0o700 });
      return { definition, folder, lock, demonstration: null, data };
    }
    const demonstration = await openDemonstration(options, definition, folder);
    return { definition, folder, lock, demonstration, data: demonstration.run.data };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 });
  } catch (cause) {
    throw new UsageError(`The folder ${path} cannot be made (${wordsOf(cause)}). Set HEADROOM_HOME to one that can.`);
  }
}

async function openDemonstration(options: Options, definition: Definition, folder: string) {
  const named = options.scenario === null ? null : await readScenario(options.scenario);
  const run = openRun(
    folder,
    {
      system: definition.id,
      units: definition.units.length,
      speed: options.speed,
      from: options.from,
      scenario: named === null ? null : { id: options.scenario ?? named.id, begin: beginOf(named) },
      fresh: options.fresh,
    },
    Date.now,
  );
  // A resumed run goes on with its own scenario, unless that file is gone.
  const scenario = named ?? (run.run.scenario === null ? null : await readScenario(run.run.scenario));
  const world = join(run.data, 'simulation.json');
  writeWhole(world, JSON.stringify({ definition, national: loadNational(), scenario }));
  // What outsiders did to this run's world: a new run begins without.
  const outside = join(run.data, 'outside.jsonl');
  return { run, world, outside };
}

async function readScenario(name: string): Promise<Scenario> {
  const read = await loadScenario(name);
  if (read.ok) return read.scenario;
  throw new UsageError(read.faults.join('\n'));
}

function beginOf(scenario: Scenario): EpochMs | null {
  if (scenario.date === undefined) return null;
  return atLocal(Temporal.Instant.from(`${scenario.date}T12:00:00Z`).epochMilliseconds, '07:45');
}
