import type { Dispatcher, Pool } from 'undici';
import { FAULTS, faultOfError, type Fault } from './faults.ts';

/** Bytes of an error's body that are looked at, for its issue code. */
const ERROR_BODY = 64 * 1024;

export interface Exchange {
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * One GET. Bounded in time (headers, silence in the body, and the whole) and in size, whatever the other side does;
 * always settles, never rejects. Works on undici's own handler: no stream is built for a body that is kept whole anyway.
 */
export function exchange(question: Exchange): Promise<RawAnswer | Fault> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let status = 0;
    let headers: RawAnswer['headers'] = {};
    let chunks: Buffer[] = [];
    let bytes = 0;
    let over = false;

    const settle = (answer: RawAnswer | Fault): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      question.signal.removeEventListener('abort', onStop);
      chunks = [];
      resolve(answer);
    };
    const giveUp = (answer: RawAnswer | Fault): void => {
      settle(answer);
      controller?.abort(new Error('given up'));
    };
    const onStop = (): void => giveUp(FAULTS.stopped);
    const timer = setTimeout(() => giveUp(FAULTS.timeout), question.timeoutMs);
    if (question.signal.aborted) return settle(FAULTS.stopped);
    question.signal.addEventListener('abort', onStop, { once: true });

    const tooMuch = (): void => {
      if (status >= 200 && status < 300) giveUp(FAULTS.tooLarge);
      else giveUp({ status, headers, body: Buffer.alloc(0) });
    };
    const cap = (): number => (status >= 200 && status < 300 ? question.maxBytes : ERROR_BODY);

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (over) started.abort(new Error('given up'));
      },
      onResponseStart(_, code, head) {
        if (code < 200) return;
        status = code;
        headers = head;
        if (Number(head['content-length'] ?? 0) > cap()) tooMuch();
      },
      onResponseData(_, chunk) {
        if (over) return;
        bytes += chunk.length;
        if (bytes > cap()) return tooMuch();
        chunks.push(chunk);
      },
      onResponseEnd() {
        const [only] = chunks;
        const body = chunks.length === 1 && only ? only : Buffer.concat(chunks, bytes);
        settle({ status, headers, body });
      },
      onResponseError(_, error) {
        settle(faultOfError(error));
      },
    };
    try {
      const { path, headers: sent, timeoutMs } = question;
      question.pool.dispatch(
        { path, method: 'GET', headers: sent, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        handler,
      );
    } catch (error) {
      settle(faultOfError(error));
    }
  });
}
