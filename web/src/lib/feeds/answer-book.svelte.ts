import type { KeptAnswerBody } from '$shared/protocol/feeds';
import { getAnswer } from '../api/feeds.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 3000;

/** The last answer of one feed, as long as somebody looks at it. */
export class AnswerBook {
  answer: KeptAnswerBody | null = $state.raw(null);
  /** `none`: the server keeps no answer of this feed. */
  state: 'loading' | 'here' | 'none' | 'failed' = $state.raw('loading');
  #feed: string;
  #repeated: Repeated | undefined;

  constructor(feed: string) {
    this.#feed = feed;
  }

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat(async (signal) => {
      const answer = await getAnswer(this.#feed, signal);
      if (signal.aborted) return;
      if (answer.ok) {
        this.answer = answer.body;
        this.state = 'here';
      } else if (answer.status === 404) this.state = 'none';
      else if (this.answer === null) this.state = 'failed';
    }, EVERY_MS);
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  refresh(): void {
    this.#repeated?.now();
  }
}
