import type { Dispatcher, Pool } from 'undici';
import type { Deadlines, Running } from './deadlines.ts';
import { FAULTS, faultOfError, type Fault } from './faults.ts';

/** Bytes of an error's body that are looked at, for its issue code. */
export const ERROR_BODY = 64 * 1024;

export interface Asked {
  readonly pool: Pool;
  /** Over TLS. */
  readonly secure: boolean;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body: string | null;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Called once, with what came or why nothing did. */
export type Done = (answer: RawAnswer | Fault) => void;

/**
 * One request. Bounded in time (as a whole, so silence and slow drip alike) and in size, whatever the other side does;
 * always comes to an end, never throws. Works on undici's own handler: no stream is built for a body that is kept whole.
 */
export function exchange(asked: Asked, deadlines: Deadlines, done: Done): void {
  const under = new Exchange(asked, deadlines, done);
  if (!deadlines.add(under)) return under.settle(FAULTS.stopped);
  const { path, method, headers, body } = asked;
  try {
    // The deadline covers both of undici's own limits, and a timer less for each.
    asked.pool.dispatch({ path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, under);
  } catch (error) {
    under.settle(faultOfError(error));
  }
}

const EMPTY = Buffer.alloc(0);

class Exchange implements Dispatcher.DispatchHandler, Running {
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly #deadlines: Deadlines;
  readonly #maxBytes: number;
  readonly #secure: boolean;
  #done: Done | null;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: RawAnswer['headers'] = {};
  #first: Buffer | null = null;
  #more: Buffer[] | null = null;
  #bytes = 0;

  constructor(asked: Asked, deadlines: Deadlines, done: Done) {
    this.deadline = asked.deadline;
    this.signal = asked.signal;
    this.#deadlines = deadlines;
    this.#maxBytes = asked.maxBytes;
    this.#secure = asked.secure;
    this.#done = done;
  }

  settle(answer: RawAnswer | Fault): void {
    const done = this.#done;
    if (!done) return;
    this.#done = null;
    this.#first = this.#more = null;
    this.#deadlines.remove(this);
    done(answer);
  }

  #giveUp(answer: RawAnswer | Fault): void {
    this.settle(answer);
    this.#controller?.abort(new Error('given up'));
  }

  /** Nothing at all came, or it did not end: two different troubles of the other side. */
  onLate(): void {
    this.#giveUp(this.#status === 0 ? FAULTS.timeout : FAULTS.tooSlow);
  }

  onStop(): void {
    this.#giveUp(FAULTS.stopped);
  }

  #cap(): number {
    return this.#status >= 200 && this.#status < 300 ? this.#maxBytes : ERROR_BODY;
  }

  /** Of an error's body only the code would be of use; its status stands without it. */
  #tooMuch(): void {
    const { status, headers } = { status: this.#status, headers: this.#headers };
    this.#giveUp(status >= 200 && status < 300 ? FAULTS.tooLarge : { status, headers, body: EMPTY });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (!this.#done) controller.abort(new Error('given up'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: RawAnswer['headers']): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const length = headers['content-length'];
    if (length !== undefined && Number(length) > this.#cap()) this.#tooMuch();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#done) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#cap()) return this.#tooMuch();
    if (!this.#first) this.#first = chunk;
    else if (!this.#more) this.#more = [this.#first, chunk];
    else this.#more.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#more ? Buffer.concat(this.#more, this.#bytes) : (this.#first ?? EMPTY);
    this.settle({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_: unknown, error: Error): void {
    this.settle(faultOfError(error, this.#secure));
  }
}
