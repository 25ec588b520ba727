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
