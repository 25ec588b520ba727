import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type {
  RulesBody,
  RulesBook,
  RulesChecked,
  RulesDraft,
  RulesVersion,
  SaveDraft,
} from '#shared/protocol/rules.ts';
import type { Actor } from '../ports.ts';

/** A version of the rules as it comes, or came, into force. `id` is `<version>/<hash>`. */
export interface Publication {
  readonly id: string;
  readonly rules: Rules;
  readonly origin: RulesVersion['origin'];
  /** Id of the version that a rolling back goes back to. */
  readonly restores: string | null;
  /** Product time. */
  readonly at: EpochMs;
}

/** What is known of a version, in force or not. */
export interface RulesRecord {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  readonly publishedAt: EpochMs | null;
  readonly until: EpochMs | null;
  readonly origin: RulesVersion['origin'];
  readonly restores: string | null;
  readonly current: boolean;
  readonly levelChanges: number;
}

export interface DraftRecord extends SaveDraft {
  readonly id: string;
  readonly savedAt: EpochMs;
  readonly by: string;
}

/** What came of saving or removing a draft. `moved-on`: somebody else has saved or removed it since. */
export type DraftOutcome = 'done' | 'moved-on' | 'unknown' | 'too-many';

/**
 * Versions and drafts of one run and system in the database. Everything rejects with `StoreUnavailable` while it is away.
 * Bodies come as they were stored: whoever puts one into force checks it first.
 */
export interface RulesStore {
  /** The newest `limit` versions, newest first. */
  versions(limit: number): Promise<readonly RulesRecord[]>;
  /** Null: not known, or by name only. */
  version(id: string): Promise<{ readonly record: RulesRecord; readonly rules: unknown } | null>;
  /** Writes down what stands where the database has nothing as new; gives what it then holds to be in force. */
  settle(standing: Publication): Promise<{ readonly id: string; readonly rules: unknown }>;
  /**
   * Puts `next` in the place of `standing`, with the audit entry, whole or not at all; takes a draft away that is still
   * as it was published. Null when it is done, else the id of what is in force instead of `standing`.
   */
  publish(
    standing: Publication,
    next: Publication,
    actor: Actor,
    draft: { readonly id: string; readonly rules: unknown } | null,
  ): Promise<string | null>;
  drafts(): Promise<readonly DraftRecord[]>;
  /** Saves over the revision that `draft` names; 0 begins a new one. */
  saveDraft(draft: DraftRecord): Promise<DraftOutcome>;
  removeDraft(id: string, revision: number | null): Promise<DraftOutcome>;
}

/** What people can do with rules. Everything rejects with `RulesProblem`, or `StoreUnavailable` while the database is away. */
export interface RulesDesk {
  /** Never rejects: what is in force is known without the database. */
  book(): Promise<RulesBook>;
  /** A version by its id, with what it changes against another (what is in force where none is named). */
  version(id: string, against: string | null): Promise<RulesBody>;
  check(rules: unknown): RulesChecked;
  /** Answers once the new version is in force, and on record as such. */
  publish(
    ask: { readonly rules: unknown; readonly reason: string; readonly basedOn: string; readonly draft?: string },
    actor: Actor,
  ): Promise<RulesVersion>;
  /** Publishes what an earlier version said, anew. */
  rollBack(
    ask: { readonly to: string; readonly reason: string; readonly basedOn: string },
    actor: Actor,
  ): Promise<RulesVersion>;
  drafts(): Promise<RulesDraft[]>;
  saveDraft(id: string, draft: SaveDraft, actor: Actor): Promise<RulesDraft>;
  /** `revision` null: whichever it is. */
  removeDraft(id: string, revision: number | null): Promise<void>;
}
