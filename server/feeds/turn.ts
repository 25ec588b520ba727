import type { EpochMs } from '#shared/model/time.ts';
import type { FeedInstance } from '../domain/feed-instances.ts';
import type { Clock, PollOutcome } from '../domain/ports.ts';
import type { Adapter, Rejection } from './adapters/adapter.ts';
import type { Asks } from './asks.ts';
import type { Authority } from './auth/authority.ts';
import type { Answer, Http, Validators } from './http.ts';
import type { Logger } from './logger.ts';
import type { Quarantine } from './quarantine.ts';
import type { Quotas } from './quota.ts';
import type { Skew } from './skew.ts';
import type { Times } from './timing.ts';

/** What is known of an instance between its polls. In memory only. */
export interface Known {
  readonly memory: unknown;
  /** Of the last good single-page answer, and the address it came from. */
  readonly answer: { readonly url: string; readonly validators: Validators } | null;
  readonly good: Good | null;
  /** Whether the payload said its own time: then an unchanged answer does not make it younger (decision 17). */
  readonly timed: boolean;
  readonly times: Times;
}

/** What the last good answer held, its times apart. */
export interface Good {
  readonly state: 'ok' | 'partly-rejected' | 'duplicate';
  readonly fault: string;
  readonly observedAt: EpochMs;
  readonly rejected: number;
  readonly readings: PollOutcome['readings'];
  readonly volume: number;
}

/** An outcome until it is published: the poller adds what only it knows. */
export type Draft = { -readonly [Key in keyof PollOutcome]: PollOutcome[Key] };

export interface Polled {
  readonly outcome: Draft;
  /** Replaces what was known; unchanged after a fault, so that a failed poll forgets nothing. */
  readonly known: Known;
  readonly rejections: readonly Rejection[];
  readonly retryAfterMs: number | null;
  readonly scope: 'supplier' | 'target';
  /** The first page as it came, for a redacted copy; null where nothing was asked. Not to be kept. */
  readonly answer: Answer | null;
}

export interface PollDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly authority: Authority;
  readonly quotas: Quotas;
  readonly skew: Skew;
  readonly quarantine: Quarantine;
  readonly logger: Logger;
}

/** One instance, as a poll needs it. */
export interface Target {
  readonly instance: FeedInstance;
  readonly adapter: Adapter<unknown>;
  readonly asks: Asks;
  /** Product time between two of its turns. */
  readonly everyMs: number;
  readonly known: Known;
}

/** One poll under way. */
export interface Turn {
  readonly deps: PollDeps;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** Whole, with its body, even where nothing has changed: somebody wants to see it. */
  readonly whole: boolean;
  readonly askedAt: EpochMs;
  readonly began: number;
}
