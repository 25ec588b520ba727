import type { Change, WhatIfResult } from '$shared/protocol/what-if';
import { postWhatIf } from '../api/redirections.ts';
import { repeat, type Repeated } from '../feeds/repeat.ts';
import { written } from './changes.ts';

/** The board moves on: what would be is asked again so often (real). */
const EVERY_MS = 30_000;

/** What the plan would be with the changes that are on the screen. Asks only; nothing is saved. */
export class WhatIfBook {
  /** Null before the first answer, and where nothing is changed. */
  result: WhatIfResult | null = $state.raw(null);
  /** Why there is no answer to what is on the screen now; empty: there is, or none is asked. */
  failed = $state.raw('');
  #changes: () => readonly Change[];
  /** The changes that `result` is of, as an address holds them. */
  #of = $state.raw('');
  #repeated: Repeated | undefined;

  constructor(changes: () => readonly Change[]) {
    this.#changes = changes;
  }

  /** Other changes are on the screen than those that `result` is of. */
  get old(): boolean {
    return written(this.#changes()) !== this.#of;
  }

  /** Begins to ask; returns the way out. */
  start(): () => void {
    const repeated = repeat((signal) => this.#ask(signal), EVERY_MS);
    this.#repeated = repeated;
    return () => {
      repeated.stop();
      this.#repeated = undefined;
    };
  }

  /** Other changes are on the screen. */
  changed(): void {
    this.#repeated?.now();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const changes = this.#changes();
    if (changes.length === 0) {
      this.result = null;
      this.failed = '';
      return;
    }
    const answer = await postWhatIf({ changes: [...changes] }, signal);
    if (signal.aborted) return;
    this.failed = answer.ok ? '' : sayFault(answer, changes.length);
    if (!answer.ok) return;
    this.result = answer.body;
    this.#of = written(changes);
  }
}

/** `changes/1: why` names the second of them. */
function sayFault({ detail }: { readonly detail: string }, count: number): string {
  const found = /^changes\/(\d+): (.*)$/.exec(detail);
  if (!found) return detail || 'There was no answer: it is asked again by itself';
  const [, index = '0', why = ''] = found;
  return count > 1 ? `Change ${Number(index) + 1} cannot be: ${why}` : `That cannot be: ${why}`;
}
