import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

it('never writes a secret, wherever it stands in what is logged', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(line) });
  const secret = 'hunter2';
  logger.info({ type: 'a', authorization: secret, feed: { token: secret, headers: { authorization: secret } } }, 'm');
  logger.info({ type: 'b', config: { databaseUrl: secret, password: secret } }, 'm');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).toContain('[secret]');
  expect(lines.join('')).not.toContain(secret);
});

it('lets a process end whose reader is gone', async () => {
  const script = `
    import { createLogger } from ${JSON.stringify(new URL('./logger.ts', import.meta.url).href)};
    const logger = createLogger('info');
    logger.info({ type: 'a' }, 'heard');
    process.once('message', () => {
      for (let i = 0; i < 100; i++) logger.info({ type: 'b' }, 'unheard');
      process.exit(7);
    });
    process.send('here');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await once(child, 'message');
  child.stdout?.destroy();
  await once(child.stdout as NodeJS.ReadableStream, 'close');
  child.send('go');
  expect(await ended).toEqual([7, null]);
});
