import { pauseFeeds, pollFeeds, readAgain, resumeFeeds } from '../api/feeds.ts';
import type { Answer, Failure } from '../api/get.ts';
import { sayCount, sayNumber } from '../format/numbers.ts';

/** Ids that one command may name. */
const MOST_IDS = 2000;

export interface Said {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

/** Why a command was not done, in plain words. */
export function failureWords(failure: Failure): string {
  if (failure.status === 0)
    return 'No answer came from the server, so it may or may not be done. Look again in a moment.';
  return failure.detail
    ? `Not done: ${failure.detail.replace(/\.$/, '')}.`
    : `Not done: the server said ${failure.status}.`;
}

/** What people have the server do with feeds. Nothing on a screen changes before the server has answered. */
export class Commands {
  /** What the last command came to; null before the first, and once it is put away. */
  said: Said | null = $state.raw(null);
  /** While one is on its way no other is sent. */
  busy = $state.raw(false);
  #leave = new AbortController();
  #after: () => void;

  /** `after` is called once the server has answered. */
  constructor(after: () => void) {
    this.#after = after;
  }

  poll(feeds: readonly string[]): Promise<boolean> {
    return this.#each(
      feeds,
      (ids) => pollFeeds(ids, feeds.length === 1, this.#leave.signal),
      (count) =>
        count === 0
          ? 'None was asked: what is paused is not asked until it is resumed.'
          : `Asked ${sayCount(count, 'connection')} again. What comes shows here as soon as it is there.`,
    );
  }

  pause(feeds: readonly string[], reason: string, minutes: number | null): Promise<boolean> {
    return this.#each(
      feeds,
      (ids) => pauseFeeds(ids, reason, minutes, this.#leave.signal),
      (count) => `Paused ${sayCount(count, 'connection')}: ${reason}`,
    );
  }

  resume(feeds: readonly string[]): Promise<boolean> {
    return this.#each(
      feeds,
      (ids) => resumeFeeds(ids, this.#leave.signal),
      (count) => `Resumed ${sayCount(count, 'connection')}.`,
    );
  }

  readAgain(group: string): Promise<boolean> {
    return this.#run(
      () => readAgain(group, this.#leave.signal),
      ({ records, taken, refused }) =>
        `Read ${sayCount(records, 'record')} again: ${sayNumber(taken)} taken, ${sayNumber(refused)} refused again.`,
    );
  }

  close(): void {
    this.#leave.abort();
  }

  #each(
    feeds: readonly string[],
    send: (ids: readonly string[]) => Promise<Answer<{ readonly feeds: number }>>,
    words: (count: number) => string,
  ): Promise<boolean> {
    return this.#run(async () => {
      let count = 0;
      for (let from = 0; from < feeds.length; from += MOST_IDS) {
        const answer = await send(feeds.slice(from, from + MOST_IDS));
        if (!answer.ok) return answer;
        count += answer.body.feeds;
      }
      return { ok: true, body: count };
    }, words);
  }

  async #run<T>(send: () => Promise<Answer<T>>, words: (body: T) => string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const answer = await send();
    if (this.#leave.signal.aborted) return false;
    this.busy = false;
    this.said = answer.ok ? { kind: 'done', text: words(answer.body) } : { kind: 'failed', text: failureWords(answer) };
    this.#after();
    return answer.ok;
  }
}
