import { parseArgs } from 'node:util';
import { createSimulatorServer } from './http/server.ts';
import { openOutsideLog } from './outside-log.ts';
import { createRunClock } from './run-clock.ts';
import { createSimulation } from './simulation.ts';
import { startWarmUp } from './warm-up.ts';
import { readWorldFile } from './world-file.ts';

/** Real milliseconds between looks whether the parent still lives, and the longest wait for open answers at the end. */
const PARENT_LOOK_MS = 1000;
const GRACE_MS = 1000;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    world: { type: 'string' },
    run: { type: 'string' },
    outside: { type: 'string' },
  },
});

const log = (type: string, fields: Readonly<Record<string, unknown>>) =>
  process.stderr.write(`${JSON.stringify({ type, part: 'simulator', ...fields })}\n`);

function main(): void {
  const { port: wanted, world, run, outside } = values;
  if (wanted === undefined || world === undefined || run === undefined || outside === undefined) {
    process.stderr.write(
      'usage: main.ts --port <n> --world <simulation.json> --run <run.json> --outside <outside.jsonl>\n',
    );
    process.exit(2);
  }
  const clock = createRunClock(run, (reason) => log('run-file', { reason }));
  const outsideLog = openOutsideLog(outside, (reason) => log('outside-file', { reason }));
  const simulation = createSimulation(readWorldFile(world), clock, outsideLog);
  const server = createSimulatorServer(simulation, (reason) => log('request-failed', { reason }), process.env);
  let stopWarmUp = () => {};
  let ending = false;
  const end = (reason: string) => {
    if (ending) return;
    ending = true;
    log('ending', { reason });
    stopWarmUp();
    clearInterval(parentWatch);
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    server.close(() => {
      outsideLog.close();
      process.exit(0);
    });
    server.closeIdleConnections();
  };
  const parent = process.ppid;
  // A parent killed with -9 says nothing: its id changes hands, and with IPC the channel closes.
  const parentWatch = setInterval(() => {
    if (process.ppid !== parent) end('parent gone');
  }, PARENT_LOOK_MS);
  process.on('disconnect', () => end('channel closed'));
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  server.on('error', (error) => {
    log('listen-failed', { reason: error.message });
    process.exit(1);
  });
  server.listen(Number(wanted), '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : null;
    log('listening', { port });
    process.send?.({ type: 'listening', port });
    stopWarmUp = startWarmUp(simulation);
  });
}

main();
