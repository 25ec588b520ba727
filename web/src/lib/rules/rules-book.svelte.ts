import type { RulesBody, RulesBook as Book, RulesDraft } from '$shared/protocol/rules';
import { getDrafts, getRules, getRulesVersion } from '../api/rules.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';

const EVERY_MS = 15_000;

/** What is in force, what was, and what is being drafted; asked again while the screen is open. */
export class RulesBook {
  /** Null before the first answer. Replaced, never changed. */
  book: Book | null = $state.raw(null);
  drafts: readonly RulesDraft[] | null = $state.raw(null);
  /** The earlier version that is looked at. */
  earlier: RulesBody | null = $state.raw(null);
  /** The last question was not answered; what stands was true before. `STORE_UNAVAILABLE`: no database. */
  failed = $state.raw('');
  #repeated: Repeated | undefined;

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS);
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  refresh(): void {
    this.#repeated?.now();
  }

  /** Reads an earlier version whole; null puts it away. */
  async look(id: string | null, signal: AbortSignal): Promise<void> {
    if (id === null) {
      this.earlier = null;
      return;
    }
    if (this.earlier?.version.id === id) return;
    const answer = await getRulesVersion(id, signal);
    if (!signal.aborted && answer.ok) this.earlier = answer.body;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const [book, drafts] = await Promise.all([getRules(signal), getDrafts(signal)]);
    if (signal.aborted) return;
    if (book.ok) this.book = book.body;
    if (drafts.ok) this.drafts = drafts.body.drafts;
    const failure = !book.ok ? book : !drafts.ok ? drafts : null;
    this.failed = failure === null ? '' : failure.code || 'NO_ANSWER';
  }
}
