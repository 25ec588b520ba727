import { parentPort } from 'node:worker_threads';
import type { FromStudio, ToStudio } from '../../server/replay/messages.ts';

/** A thread in the place of the studio's: answers with how many have been cancelled, hangs, or ends, by what it is asked. */
export const ANSWERS = 1;
export const HANGS = 2;
export const ENDS = 3;

let cancelled = 0;

parentPort?.on('message', (message: ToStudio) => {
  if (message.type === 'cancel') cancelled += 1;
  if (message.type === 'stop') parentPort?.close();
  if (message.type !== 'ask') return;
  const { id, asked } = message;
  if (!('at' in asked) || asked.at === HANGS) return;
  if (asked.at === ENDS) process.exit(3);
  const stretch = { stretch: 1, from: 0, to: 0 };
  parentPort?.postMessage({
    ...{ type: 'answer', id },
    answer: { version: cancelled, seq: 1, at: 0, stretch },
  } satisfies FromStudio);
});
