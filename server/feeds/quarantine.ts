import type { EpochMs } from '#shared/model/time.ts';
import type { FeedInstance } from '../domain/feed-instances.ts';
import type { QuarantineRecord, QuarantineView } from '../domain/ports.ts';
import type { Redaction, Rejection } from './adapters/adapter.ts';

/** One answer of which something was refused, on its way into quarantine: redacted before it is kept. */
export interface Refused {
  readonly instance: FeedInstance;
  readonly at: EpochMs;
  readonly askedAt: EpochMs;
  readonly payload: unknown;
  readonly redaction: Redaction;
  readonly rejections: readonly Rejection[];
  /** Refused in all; the list may be shorter. */
  readonly count: number;
}

/** What is left of such an answer: enough to be read again by its adapter. */
export interface StoredDocument {
  readonly id: string;
  readonly feed: string;
  readonly at: EpochMs;
  readonly askedAt: EpochMs;
  /** Redacted, cut down to its envelope and the refused records. */
  readonly document: unknown;
  readonly records: number;
}

export interface Quarantine extends QuarantineView {
  take(refused: Refused): void;
  /** Kept documents of a group, oldest first; null for an unknown group. */
  stored(group: string): readonly StoredDocument[] | null;
  /** What reading one again came to. */
  settle(id: string, state: Exclude<QuarantineRecord['state'], 'kept'>): void;
  close(): void;
}

/** Keeps nothing: for polls outside the server (`headroom feeds test`, benches). */
export const NO_QUARANTINE: Quarantine = {
  take: () => undefined,
  stored: () => null,
  settle: () => undefined,
  close: () => undefined,
  groups: () => [],
  records: () => [],
  today: () => 0,
  note: () => '',
};
