import type { Actor } from '../domain/ports.ts';

/** `revoked`: who it belongs to may no longer read. */
export type EndReason = 'stale' | 'shutdown' | 'revoked';

/** One connection as its channel sees it. */
export interface LiveClient {
  readonly actor: Actor;
  /** Bytes handed over that the kernel has not taken yet. */
  waiting(): number;
  /** Never throws; calls the session's `drained` whenever something has left. */
  send(text: string): void;
  end(reason: EndReason): void;
}

/** What the live channels count together, since the server began. */
export interface LiveCounters {
  frames: number;
  bytes: number;
  snapshots: number;
  staled: number;
  ended: number;
  refused: number;
}
