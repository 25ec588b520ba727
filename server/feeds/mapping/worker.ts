import { createEvaluator } from './evaluate.ts';
import type { MappingQuestion } from './messages.ts';

/**
 * The mapping process: answers one question at a time, and is ended by the other side when it does not. It ends by itself
 * when the other side has gone.
 */
const evaluate = createEvaluator();
const answer = (message: unknown): void => void process.send?.(message, () => undefined);
process.on('message', (question: MappingQuestion) => {
  void evaluate(question).then(answer);
});
// A signal for the whole group is for the server, which then ends this one in its own time.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
answer('ready');
