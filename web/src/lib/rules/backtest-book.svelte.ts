import type { Backtest } from '$shared/protocol/backtest';
import { instantOf } from '../format/time.ts';
import { cancelBacktest, getBacktest, startBacktest } from '../api/rules.ts';

const EVERY_MS = 700;

const under = (state: Backtest['state']) => state === 'waiting' || state === 'running';

/** One back-test, followed from its start to its end. */
export class BacktestBook {
  test: Backtest | null = $state.raw(null);
  /** Why it could not be started, or is not followed any more. */
  trouble = $state.raw('');
  starting = $state.raw(false);
  /** It was cancelled before the server had said that it runs. */
  #unwanted = false;
  #leave = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get running(): boolean {
    return this.starting || (this.test !== null && under(this.test.state));
  }

  async start(rules: unknown, from: number, to: number): Promise<void> {
    if (this.running) return;
    this.starting = true;
    this.#unwanted = false;
    this.trouble = '';
    const span = { from: instantOf(from), to: instantOf(to) };
    const answer = await startBacktest({ rules, ...span }, this.#leave.signal);
    this.starting = false;
    if (this.#leave.signal.aborted) return;
    if (answer.ok) {
      this.test = answer.body;
      if (this.#unwanted) await this.cancel();
      else this.#later();
    } else {
      const place = answer.errors?.map(({ path, message }) => `${path} ${message}`).join('; ');
      this.trouble = answer.status === 0 ? 'No answer from the server.' : place || answer.detail || answer.code;
    }
  }

  async cancel(): Promise<void> {
    const { test } = this;
    if (this.starting) this.#unwanted = true;
    if (this.starting || !test || !under(test.state)) return;
    const answer = await cancelBacktest(test.id, this.#leave.signal);
    if (this.#leave.signal.aborted) return;
    if (answer.ok) this.test = answer.body;
    else this.trouble = answer.detail || 'It could not be cancelled.';
    this.#later();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leave.abort();
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.test && under(this.test.state)) this.#timer = setTimeout(() => void this.#follow(), EVERY_MS);
  }

  async #follow(): Promise<void> {
    const { test } = this;
    if (!test) return;
    const answer = await getBacktest(test.id, this.#leave.signal);
    if (this.#leave.signal.aborted || this.test?.id !== test.id) return;
    if (answer.ok) this.test = answer.body;
    else if (answer.status === 404) {
      this.test = { ...test, state: 'failed', fault: 'The server no longer knows this back-test.' };
    }
    this.#later();
  }
}
