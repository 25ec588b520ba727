import type { SystemInfo } from '$shared/protocol/api';
import type { RulesVersion } from '$shared/protocol/rules';
import { getRules, getRulesVersion } from '../api/rules.ts';
import { ruling } from './ruling.ts';

/** What screens say of the rules: see `SystemInfo`. */
export type RulesShown = SystemInfo['rules'];

/** The rules that were in force at the moment a replay shows. */
export class RulesThen {
  /** Null while not known: other rules must not stand for them. */
  rules: RulesShown | null = $state.raw(null);
  #versions: readonly RulesVersion[] | null = null;
  #id: string | null = null;
  #leave = new AbortController();

  /** For the moment `at`, epoch ms; asks only where others than before were in force. */
  async show(at: number): Promise<void> {
    if (this.#versions === null) {
      const answer = await getRules(this.#leave.signal);
      if (!answer.ok) return;
      this.#versions = answer.body.versions;
    }
    const version = ruling(this.#versions, at);
    if (version?.id === this.#id) return;
    this.#id = version?.id ?? null;
    this.rules = null;
    if (!version) return;
    const answer = await getRulesVersion(version.id, this.#leave.signal);
    if (this.#leave.signal.aborted || this.#id !== version.id) return;
    if (!answer.ok) this.#id = null;
    else {
      const { version: number, reason, hash } = answer.body.version;
      this.rules = { version: number, reason, hash, levels: [...answer.body.rules.levels] };
    }
  }

  close(): void {
    this.#leave.abort();
  }
}
