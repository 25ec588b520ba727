import type { Fault } from './faults.ts';

/** What the last good answer of an address said of itself. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Of the body; null where there is an ETag or the body itself, which say the same without the cost. */
  readonly digest: string | null;
  /**
   * The body, where the payload has a time of its own: only side by side can it be told that nothing else changed. Counts
   * as kept once `Http.kept` is told.
   */
  readonly body: Buffer | null;
}

/** Client certificate of a poll (mutual TLS), as PEM. `id` changes when any of it does: it keys the connections. */
export interface TlsIdentity {
  readonly id: string;
  readonly certificate: string;
  readonly key: string;
  /** Trusted instead of the usual authorities. */
  readonly ca: string | null;
}

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON, unless the headers name another type. */
  readonly body?: string;
  /** What the body must be; JSON where absent. CSV is handed on as text. */
  readonly format?: 'json' | 'csv';
  readonly tls?: TlsIdentity | null;
  /** Keys of the payload's own time: a body that differs from the last one only there is unchanged. */
  readonly timeKeys?: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Null: nothing is known of this address yet. */
  readonly known: Validators | null;
}

/** What an answer said besides its body. */
export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The other side's clock (`Date`), epoch ms; null where it said none. */
  readonly dateMs: number | null;
  /** Milliseconds that the answer lay in a cache (`Age`); 0 where it said none. */
  readonly ageMs: number;
}

export interface Fresh {
  readonly kind: 'fresh';
  readonly head: Head;
  /** The body as it came, decompressed: for a redacted copy on request; not to be kept. */
  readonly raw: Buffer;
  /** Parsed JSON, or the text of a CSV. */
  readonly payload: unknown;
  readonly bytes: number;
  readonly url: string;
  readonly validators: Validators;
}

/** 304, or the same bytes but for their time: nothing was parsed. `confirmed`: the other side said so itself (304). */
export interface Unchanged {
  readonly kind: 'unchanged';
  readonly head: Head;
  readonly bytes: number;
  readonly confirmed: boolean;
  /** The payload's own time as this answer has it (the first of the time keys in it); null where it is not known. */
  readonly time: string | null;
}

export interface Failed {
  readonly kind: 'fault';
  /** Null where no answer came. */
  readonly head: Head | null;
  /** The body as it came, decompressed; null where none came or it could not be decompressed. */
  readonly raw: Buffer | null;
  readonly fault: Fault;
  readonly bytes: number;
  readonly retryAfterMs: number | null;
  /** Whose the fault is: the supplier's as a whole, or this one target's behind it. */
  readonly scope: 'supplier' | 'target';
}

export type Answer = Fresh | Unchanged | Failed;
