import type { LiveFrame, LiveRequest } from '$shared/protocol/live';
import { PROTOCOL } from '$shared/protocol/names';
import { isRecord } from '../api/shape.ts';

/** One connection to the server, as the live state sees it. `socket.ts` makes the real one, tests make their own. */
export interface Line {
  send(request: LiveRequest): void;
  /** Drops the connection and makes a new one: for a line that is open and says nothing. */
  renew(): void;
  close(): void;
}

export interface LineEvents {
  opened(): void;
  frame(frame: LiveFrame): void;
  closed(): void;
}

export type OpenLine = (events: LineEvents) => Line;

/**
 * Milliseconds before reconnect attempt `attempt` (0-based), by full jitter: anywhere up to a ceiling that doubles
 * from 0.5 s to 8 s, so that a thousand screens do not return in the same second. `random` is in [0, 1).
 */
export function reconnectDelay(attempt: number, random: number): number {
  return Math.floor(random * Math.min(8000, 500 * 2 ** Math.min(attempt, 10)));
}

const isClock = (value: unknown) => isRecord(value) && Number.isFinite(value['now']) && Number.isFinite(value['speed']);
const hasPart = (value: unknown) =>
  isRecord(value) && Number.isInteger(value['index']) && Number.isInteger(value['of']);

/** Takes what the server sent for a frame of our protocol, or refuses it whole (null). */
export function parseFrame(data: unknown): LiveFrame | null {
  if (!isRecord(data) || data['protocol'] !== PROTOCOL) return null;
  if (data['type'] === 'error') return typeof data['code'] === 'string' ? (data as unknown as LiveFrame) : null;
  const positioned =
    typeof data['epoch'] === 'string' &&
    Number.isInteger(data['seq']) &&
    typeof data['at'] === 'string' &&
    typeof data['key'] === 'string' &&
    isClock(data['clock']);
  if (!positioned) return null;
  if (data['type'] === 'heartbeat') return data as unknown as LiveFrame;
  if (!Array.isArray(data['units']) || !Array.isArray(data['feeds'])) return null;
  if (data['type'] === 'patch') return Array.isArray(data['removed']) ? (data as unknown as LiveFrame) : null;
  return data['type'] === 'snapshot' && hasPart(data['part']) ? (data as unknown as LiveFrame) : null;
}
