import type { RulesChange, RulesDraft, RulesFault } from '$shared/protocol/rules';
import { checkRules, dropDraft, saveDraft } from '../api/rules.ts';
import { writeAt } from './pointer.ts';

/** A pause in typing after which a draft is saved and checked. */
const SETTLED_MS = 700;

export type DraftState = 'saved' | 'changed' | 'saving' | 'moved-on' | 'failed';

/** One draft under the hands of one person: saved and checked whenever the typing rests. Never counts by itself. */
export class DraftBook {
  rules: unknown = $state.raw(null);
  name = $state.raw('');
  state: DraftState = $state.raw('saved');
  savedAt: string | null = $state.raw(null);
  /** Null before the first check of what stands. */
  faults: readonly RulesFault[] | null = $state.raw(null);
  changes: readonly RulesChange[] = $state.raw([]);
  /** Why it could not be saved, in words. */
  trouble = $state.raw('');
  readonly id: string;
  readonly basedOn: string;
  #revision: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leave = new AbortController();
  #running: Promise<void> | null = null;
  #onSaved: () => void;

  /** `draft.revision` 0: it has not been saved yet. */
  constructor(draft: Omit<RulesDraft, 'savedAt' | 'by'> & { readonly savedAt?: string }, onSaved: () => void) {
    this.id = draft.id;
    this.basedOn = draft.basedOn;
    this.name = draft.name;
    this.rules = draft.rules;
    this.savedAt = draft.savedAt ?? null;
    this.#revision = draft.revision;
    this.#onSaved = onSaved;
    if (draft.revision === 0) this.state = 'changed';
    void this.settle();
  }

  write(pointer: string, value: unknown): void {
    this.rules = writeAt(this.rules, pointer, value);
    this.#touched();
  }

  rename(name: string): void {
    this.name = name;
    this.#touched();
  }

  /** Saves and checks what stands now; resolves when both are done. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#running) await this.#running;
    this.#running = this.#settleNow();
    await this.#running;
    this.#running = null;
  }

  async drop(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#running) await this.#running;
    const answer = await dropDraft(this.id, this.#leave.signal);
    return answer.ok || answer.status === 404;
  }

  close(): void {
    // What was typed last is not lost with the screen.
    if (this.#timer !== undefined) void this.settle().finally(() => this.#leave.abort());
    else this.#leave.abort();
  }

  #touched(): void {
    if (this.state !== 'moved-on') this.state = 'changed';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.settle(), SETTLED_MS);
  }

  async #settleNow(): Promise<void> {
    const { rules } = this;
    await Promise.all([this.#check(rules), this.#save(rules)]);
  }

  async #check(rules: unknown): Promise<void> {
    const answer = await checkRules(rules, this.#leave.signal);
    if (!answer.ok || this.rules !== rules) return;
    this.faults = answer.body.faults;
    this.changes = answer.body.changes;
  }

  async #save(rules: unknown): Promise<void> {
    if (this.state !== 'changed' && this.state !== 'failed') return;
    const name = this.name.trim() || 'Draft';
    this.state = 'saving';
    const body = { name, rules, basedOn: this.basedOn, revision: this.#revision };
    const answer = await saveDraft(this.id, body, this.#leave.signal);
    if (answer.ok) {
      this.#revision = answer.body.revision;
      this.savedAt = answer.body.savedAt;
      this.trouble = '';
      this.state = this.rules === rules && (this.name.trim() || 'Draft') === name ? 'saved' : 'changed';
      this.#onSaved();
      return;
    }
    this.state = answer.code === 'DRAFT_MOVED_ON' ? 'moved-on' : 'failed';
    this.trouble =
      answer.code === 'DRAFT_MOVED_ON'
        ? 'Somebody else has saved this draft meanwhile. Copy what you need, and open it again.'
        : answer.status === 0
          ? 'Not saved: no answer from the server. It is tried again with the next change.'
          : `Not saved: ${answer.detail || answer.code}`;
  }
}
