import type {
  Accept,
  OwnAsked,
  OwnOffer,
  OwnPreview,
  Redirection,
  Redirections,
} from '#shared/protocol/redirections.ts';
import type { Refusal } from '#shared/model/redirection-words.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { WhatIf, WhatIfResult } from '#shared/protocol/what-if.ts';
import type { Scorecard } from '#shared/protocol/scorecard.ts';
import type { Week } from '#shared/model/week.ts';
import type { Actor } from '../ports.ts';
import type { PersonsDecision } from './decisions.ts';
import type { DraftSlot } from './drafts.ts';
import type { RedirectionFacts } from './facts.ts';
import type { HeldSlot, HeldState, RedirectionEvent } from './record.ts';

/** `unreachable`: it may or may not have been done; ask again with the same key. */
export type HoldAnswer =
  | { readonly kind: 'held'; readonly slots: readonly HeldSlot[] }
  | { readonly kind: 'gone'; readonly free: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Whether what is still held under the key is held longer now. */
export type LongerAnswer = { readonly kind: 'held' } | Extract<HoldAnswer, { readonly reason: string }>;

export interface Holding {
  readonly hub: string;
  /** Names the hold at the hub: asking twice with the same key never holds twice. */
  readonly key: string;
  readonly until: EpochMs;
  readonly slots: readonly DraftSlot[];
  /** It may have been asked before: what is held or booked under the key is looked for first. */
  readonly again: boolean;
}

export type LookAnswer =
  | {
      readonly kind: 'seen';
      /** By handle. */
      readonly states: ReadonlyMap<string, HeldState>;
      /** Of those booked, did not come; null where the hub does not say. */
      readonly absent: number | null;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Sets slots aside in a hub's own system. Never rejects; every call has a time limit. */
export interface SlotWriter {
  /** Whether the hub's system can be written to. */
  writes(hub: string): boolean;
  /** All or nothing. A hold under this key that is there already is found, and not made again. */
  hold(holding: Holding): Promise<HoldAnswer>;
  look(hub: string, key: string, slots: readonly HeldSlot[]): Promise<LookAnswer>;
  /** Has those that are still held under the key held until then: all of them, or none. */
  longer(hub: string, key: string, until: EpochMs, slots: readonly HeldSlot[]): Promise<LongerAnswer>;
  /** Gives back those that are still held under the key; the states are as they are afterwards. */
  release(hub: string, key: string, slots: readonly HeldSlot[]): Promise<LookAnswer>;
}

export interface Decision {
  readonly key: string;
  readonly revision: number;
}

/** What people can do with redirections. Rejects with `RedirectionProblem`. */
export interface RedirectionDesk {
  /** Rises with every change to what `list` says. */
  readonly revision: number;
  /** When the proposals were last worked out; null before the first time. */
  readonly foundAt: EpochMs | null;
  /** `unit`: only what concerns it, its neighbours above and beneath; null: all. */
  list(unit: string | null): Redirections;
  one(id: string): Redirection;
  accept(id: string, body: Accept, actor: Actor): Promise<Redirection>;
  refuse(id: string, body: Decision & { readonly reason: Refusal }, actor: Actor): Promise<Redirection>;
  release(id: string, body: Decision, actor: Actor): Promise<Redirection>;
  keep(id: string, body: Decision, actor: Actor): Promise<Redirection>;
  undo(id: string, body: Decision, actor: Actor): Promise<Redirection>;
  acknowledge(id: string, body: Decision & { readonly practice: string }, actor: Actor): Promise<Redirection>;
  fulfil(id: string, body: Decision & { readonly booked: number }, actor: Actor): Promise<Redirection>;
  /** The plan were things otherwise: nothing is saved or offered by it. */
  whatIf(asked: WhatIf): Promise<WhatIfResult>;
  /** Who could have how many of a hub's free slots, and what that would do. Writes nothing. */
  preview(body: OwnAsked): OwnPreview;
  /** A lead's own offer, held at once. */
  offer(body: OwnOffer, actor: Actor): Promise<Redirection>;
}

/** A redirection as the database keeps it. */
export interface KeptRedirection {
  readonly facts: RedirectionFacts;
  readonly events: readonly RedirectionEvent[];
  readonly decisions: readonly PersonsDecision[];
}

/** Redirections in the database. Rejects with code `STORE_UNAVAILABLE` while it is away. */
export interface RedirectionHistory {
  /** How many steps it has of each of these; those it does not know are left out. */
  steps(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Whole or not at all, and the same again changes nothing: each decision is in the audit once. */
  keep(rows: readonly KeptRedirection[]): Promise<void>;
  /** Of those proposed in [from, to). */
  proposed(from: EpochMs, to: EpochMs): Promise<RedirectionFacts[]>;
}

export interface Scorecards {
  /** The current week from memory, older ones with the database: rejects with code `STORE_UNAVAILABLE` while it is away. */
  of(week: Week, unit: string | null): Promise<Scorecard>;
}
