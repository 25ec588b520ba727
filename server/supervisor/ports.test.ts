import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { choosePort } from './ports.ts';

function taken(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

test('a taken port gives way to the next free one, and that is said', async () => {
  const port = await taken();
  const said: string[] = [];
  const chosen = await choosePort('127.0.0.1', port, false, (line) => said.push(line));
  expect(chosen).toBeGreaterThan(port);
  expect(said).toEqual([`Port ${port} is taken by another program: using ${chosen} instead.`]);
});

test('a taken port that was asked for is an error that says what to do', async () => {
  const port = await taken();
  const words = new RegExp(`Port ${port} is taken by another program.*PORT=${port + 1}`);
  await expect(choosePort('127.0.0.1', port, true, () => {})).rejects.toThrow(words);
});

test('an address that this machine does not have is told as that', async () => {
  await expect(choosePort('192.0.2.1', 8080, false, () => {})).rejects.toThrow('no such address');
});
