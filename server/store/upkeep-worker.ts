import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { describe } from './errors.ts';
import { connectThread } from './thread-database.ts';
import type { FromUpkeep, ToUpkeep, UpkeepSetting } from './upkeep-messages.ts';
import { createUpkeep } from './upkeep.ts';

/** Entry of the thread that keeps the history; `startableUpkeep` begins and ends it. */
const setting = workerData as UpkeepSetting;
const database = connectThread(setting.connectionString);
const upkeep = createUpkeep({ database, ...setting });
const say = (message: FromUpkeep) => parentPort?.postMessage(message);

let stopping = false;
let under: Promise<void> | null = null;

async function look(now: number): Promise<void> {
  const began = performance.now();
  try {
    say({ type: 'done', ...(await upkeep.pass(now, () => stopping)), ms: Math.round(performance.now() - began) });
  } catch (error) {
    say({ type: 'trouble', reason: describe(error) });
  }
}

async function stop(): Promise<void> {
  stopping = true;
  await under;
  await database.end();
  parentPort?.close();
}

parentPort?.on('message', (message: ToUpkeep) => {
  if (message.type === 'stop') void stop();
  else under ??= look(message.now).finally(() => (under = null));
});
