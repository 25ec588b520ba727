import { parentPort } from 'node:worker_threads';
import { createEvaluator } from './evaluate.ts';
import type { MappingQuestion } from './messages.ts';

/** The mapping thread: answers one question at a time, and is ended by the other side when it does not. */
const port = parentPort;
if (!port) throw new Error('runs as a worker thread only');
const evaluate = createEvaluator();
port.on('message', (question: MappingQuestion) => {
  void evaluate(question).then((answer) => {
    port.postMessage(answer);
  });
});
port.postMessage('ready');
