import { setTimeout as wait } from 'node:timers/promises';

/** One thing that runs until it ends. */
export interface Running {
  /** Resolves when it has ended, with how, in plain words. */
  readonly ended: Promise<string>;
  /** Asks it to end, and makes it after a while; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it without asking. */
  kill(): void;
}

export interface Keeper {
  /** Starts it for the first time; rejects when that fails. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): void;
  /** Restarts it now, without waiting (sources changed). */
  renew(): void;
}

const BACK_OFF_MS = { first: 200, most: 15_000 };
/** Whoever lived this long begins anew with the shortest wait. */
const HEALTHY_MS = 30_000;

/**
 * Keeps one thing running: started again whenever it ends, each time after a longer wait, until it has been well for a
 * while. `launch` resolves when the thing is ready.
 */
export function createKeeper(deps: {
  /** As it stands in a sentence: "The database". */
  readonly name: string;
  readonly launch: () => Promise<Running>;
  readonly say: (line: string) => void;
}): Keeper {
  const { name, say } = deps;
  const stopping = new AbortController();
  let running: Running | null = null;
  let loop: Promise<void> = Promise.resolve();
  let asked = false;

  async function keep(first: Running): Promise<void> {
    let current: Running | null = first;
    let failures = 0;
    let since = performance.now();
    while (!stopping.signal.aborted) {
      if (current !== null) {
        const how = await current.ended;
        running = null;
        if (stopping.signal.aborted) return;
        if (performance.now() - since > HEALTHY_MS || asked) failures = 0;
        if (!asked) say(`${name} ended (${how}). It is started again.`);
      }
      if (!asked) await pause(delay(failures), stopping.signal);
      asked = false;
      failures += 1;
      current = await again(failures);
      since = performance.now();
    }
  }

  async function again(failures: number): Promise<Running | null> {
    if (stopping.signal.aborted) return null;
    try {
      const next = await deps.launch();
      running = next;
      // Asked to stop while it was starting: whoever asked found nothing to stop.
      if (stopping.signal.aborted) await next.stop();
      else say(`${name} is back.`);
      return next;
    } catch (error) {
      if (!stopping.signal.aborted) {
        const seconds = Math.ceil(delay(failures) / 1000);
        say(`${name} could not be started: ${wordsOf(error)} Next try in about ${seconds} s.`);
      }
      return null;
    }
  }

  return {
    async start() {
      const first = await deps.launch();
      running = first;
      if (stopping.signal.aborted) await first.stop();
      else loop = keep(first);
    },
    async stop() {
      stopping.abort();
      await running?.stop();
      await loop;
    },
    kill() {
      stopping.abort();
      running?.kill();
    },
    renew() {
      asked = true;
      void running?.stop();
    },
  };
}

function delay(failures: number): number {
  const most = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** failures);
  return most / 2 + (Math.random() * most) / 2;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
