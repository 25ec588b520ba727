import { HEARTBEAT_MS } from '#shared/protocol/live.ts';

/** Limits of one live client, all in real time; measured reasons are in performance notes (fan-out). */
export interface LiveLimits {
  /** Waiting behind a client beyond this makes it stale. */
  readonly guardBytes: number;
  /** A catching-up client gets its next piece only when less than this is waiting, so it never meets the guard. */
  readonly paceBytes: number;
  /** Text of one part of a large snapshot. */
  readonly partBytes: number;
  readonly staleMs: number;
  readonly heartbeatMs: number;
  readonly sweepMs: number;
  /** Clients served in one turn of the event loop: 5,000 at once would hold it for 50 ms. */
  readonly sliceClients: number;
  readonly subscriptions: number;
  /** Replays of one connection: each holds a whole board. */
  readonly replays: number;
  /** Text of one request. */
  readonly requestBytes: number;
}

export const LIVE_LIMITS: LiveLimits = {
  guardBytes: 256 * 1024,
  paceBytes: 64 * 1024,
  partBytes: 128 * 1024,
  staleMs: 30_000,
  heartbeatMs: HEARTBEAT_MS,
  sweepMs: 500,
  sliceClients: 500,
  subscriptions: 4,
  replays: 2,
  requestBytes: 4096,
};
