import { parentPort, workerData } from 'node:worker_threads';
import { codeOf } from '../domain/error-code.ts';
import { NotRecorded } from '../domain/replay/player.ts';
import { describe } from '../store/errors.ts';
import { createRecordedReader } from '../store/recorded-reader.ts';
import { connectThread } from '../store/thread-database.ts';
import type { Answer, Asked, FromStudio, Refusal, StudioSetting, ToStudio } from './messages.ts';
import { createStudio } from './studio.ts';

/** A moment is looked for while another one is being read. */
const READS = { connections: 2, statementLimitMs: 5000 };

/** Entry of the thread in which the past is put together; `startStudio` begins and ends it. */
const { connectionString, system, run } = workerData as StudioSetting;
const database = connectThread(connectionString, READS);
const studio = createStudio(createRecordedReader(database, system, run));
/** What is under way, to be broken off. */
const running = new Map<number, AbortController>();

function obey(asked: Asked, signal: AbortSignal): Promise<Answer> {
  switch (asked.type) {
    case 'board':
      return studio.board(asked.at, signal);
    case 'go':
      return studio.go(asked.player, asked.at, signal);
    case 'move':
      return studio.move(asked.player, asked.step);
    case 'shoot':
      return studio.shoot(asked.player, asked.scope, asked.view, asked.partBytes);
  }
}

async function answer(id: number, asked: Asked): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const made = await obey(asked, controller.signal);
    say({ type: 'answer', id, answer: made }, buffersIn(made));
  } catch (error) {
    if (!controller.signal.aborted) say({ type: 'refusal', id, refusal: refusalOf(error) }, []);
  } finally {
    running.delete(id);
  }
}

function say(message: FromStudio, handedOver: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(message, [...handedOver]);
}

/** Bytes change hands: copying a board would hold up both threads. */
function buffersIn(answer: Answer): ArrayBuffer[] {
  if (answer === null) return [];
  if ('units' in answer) {
    const { units, feeds } = answer;
    return [units.bytes.buffer, units.ends.buffer, feeds.bytes.buffer, feeds.ends.buffer];
  }
  if ('parts' in answer) return answer.parts.flatMap(({ units, feeds }) => [units.buffer, feeds.buffer]);
  return 'bodies' in answer ? answer.bodies.map(({ bytes }) => bytes.buffer) : [];
}

function refusalOf(error: unknown): Refusal {
  const code = codeOf(error) || 'RECORDING_BROKEN';
  const message = describe(error);
  if (!(error instanceof NotRecorded)) return { code, message };
  return { code, message, before: error.before, after: error.after };
}

async function stop(): Promise<void> {
  for (const controller of running.values()) controller.abort();
  await database.end();
  parentPort?.close();
}

parentPort?.on('message', (message: ToStudio) => {
  switch (message.type) {
    case 'ask':
      return void answer(message.id, message.asked);
    case 'cancel':
      return running.get(message.id)?.abort();
    case 'end':
      return studio.end(message.player);
    case 'stop':
      return void stop();
  }
});
