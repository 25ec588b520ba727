import process from 'node:process';
import { pino } from 'pino';
import { sayTime, ZONE, type EpochMs } from '#shared/model/time.ts';
import { EmbeddedDatabaseError } from '../store/embedded-error.ts';
import { freePort } from '../store/embedded-port.ts';
import { FolderLocked } from '../store/errors.ts';
import { startDevelopment } from './development.ts';
import { createHouse, type House } from './house.ts';
import { ChildFailed } from './node-child.ts';
import { HELP, readOptions, UsageError, type Options } from './options.ts';
import { choosePort } from './ports.ts';
import { prepare, type Prepared } from './prepare.ts';

const KEEP_CLOCK_EVERY_MS = 1000;
const TOUCH_LOCK_EVERY = 5;
/** npm, the shell and the terminal each pass on one and the same Ctrl-C: within this time they count as one. */
const SAME_SIGNAL_MS = 500;

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

/** What ends with us, in order. */
interface Ending {
  house: House | null;
  readonly last: (() => Promise<void> | void)[];
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    say(HELP);
    return;
  }
  const ending: Ending = { house: null, last: [] };
  endOnSignals(ending);
  try {
    await start(options, ending);
  } catch (error) {
    await end(ending);
    throw error;
  }
}

async function start(options: Options, ending: Ending): Promise<void> {
  const prepared = await prepare(options);
  ending.last.push(() => prepared.lock.release());
  // The same address through every restart of the server: "any port" is settled here.
  const wanted = options.port === 0 ? await freePort() : options.port;
  const port = await choosePort(options.host, wanted, options.portGiven, say);
  keepTime(prepared, ending);
  const logger = pino({ level: process.env['HEADROOM_LOG'] === 'debug' ? 'debug' : 'silent' });
  const house = await createHouse({ options, prepared, port, env: process.env, say, logger });
  ending.house = house;
  const url = await house.start();
  prepared.lock.note(url);
  say(`Headroom is ready: ${url}\n${describe(prepared)}`);
  if (options.dev) ending.last.unshift(await startDevelopment({ url, renewServer: house.renewServer, say, prepared }));
}

/** Writes down every second what the product's clock says: it stands still while nothing runs. */
function keepTime(prepared: Prepared, ending: Ending): void {
  const run = prepared.demonstration?.run;
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    try {
      run?.keep(false);
      if (beats % TOUCH_LOCK_EVERY === 0) prepared.lock.touch();
    } catch (error) {
      // A full disk: the clock runs on, and after a restart it stands where it was last written down.
      if (beats % 60 === 1) say(`The clock could not be written down (${explain(error)}).`);
    }
  }, KEEP_CLOCK_EVERY_MS);
  ending.last.unshift(() => {
    clearInterval(timer);
    run?.keep(true);
  });
}

function describe({ definition, demonstration }: Prepared): string {
  if (demonstration === null) return `${definition.name}, on the real clock. Ctrl-C ends it.`;
  const { run, resumed } = demonstration.run;
  const scenario = run.scenario === null ? '' : `, scenario ${run.scenario}`;
  const speed = run.clock.speed === 1 ? 'at real speed' : `at ${run.clock.speed} times real speed`;
  const how = resumed ? 'resumed at' : 'from';
  return `${definition.name}, simulated${scenario}, ${how} ${sayMoment(run.clock.start)}, ${speed}. Ctrl-C ends it.`;
}

function sayMoment(at: EpochMs): string {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
  const day = date.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return `${day.replace(',', '')} ${sayTime(at)}`;
}

async function end(ending: Ending): Promise<void> {
  await ending.house?.stop();
  for (const step of ending.last.splice(0)) await step();
}

/** Once: everything ends in order. Again: at once. The same when whoever started us is gone. */
function endOnSignals(ending: Ending): void {
  let since: number | null = null;
  const onSignal = () => {
    if (since !== null && performance.now() - since < SAME_SIGNAL_MS) return;
    if (since !== null) {
      ending.house?.kill();
      process.exit(1);
    }
    since = performance.now();
    say('Stopping.');
    end(ending).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        ending.house?.kill();
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('disconnect', onSignal);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      process.stderr.write(`The supervisor failed: ${explain(error)}\n`);
      ending.house?.kill();
      process.exit(1);
    });
  }
}

/** Faults that a person can put right are told in words; others with their trace. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof FolderLocked || error instanceof EmbeddedDatabaseError)
    return error.message;
  if (error instanceof ChildFailed) return `Headroom could not be started: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
