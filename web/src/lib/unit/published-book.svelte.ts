import type { PublishedBody } from '$shared/protocol/published';
import { get } from '../api/get.ts';
import { holdsLists } from '../api/shape.ts';

const isPublished = holdsLists<PublishedBody>('figures');

/** What was published about one unit. It changes once a month: asked once a visit. Null before the answer, or without one. */
export class PublishedBook {
  body: PublishedBody | null = $state.raw(null);
  #leave = new AbortController();

  constructor(id: string) {
    void this.#ask(id);
  }

  async #ask(id: string): Promise<void> {
    const answer = await get(`/api/units/${encodeURIComponent(id)}/published`, isPublished, this.#leave.signal);
    if (answer.ok && !this.#leave.signal.aborted) this.body = answer.body;
  }

  close(): void {
    this.#leave.abort();
  }
}
