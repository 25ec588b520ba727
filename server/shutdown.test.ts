import { pino } from 'pino';
import { expect, it } from 'vitest';
import { runPhases } from './shutdown.ts';

it('runs every phase in order, whatever an earlier one does', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line).type) });
  const ran: string[] = [];
  const phase = (name: string, run: () => Promise<void> | void) => {
    return { name, limitMs: 20, run: () => (ran.push(name), run()) };
  };
  await runPhases(
    [
      phase('throws', () => {
        throw new Error('no');
      }),
      phase('rejects', () => Promise.reject(new Error('no'))),
      phase('hangs', () => new Promise(() => undefined)),
      phase('works', () => undefined),
    ],
    logger,
  );
  expect(ran).toEqual(['throws', 'rejects', 'hangs', 'works']);
  expect(lines).toEqual(['shutdown.failed', 'shutdown.failed', 'shutdown.late']);
});
