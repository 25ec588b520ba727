import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Clock, Condition } from '../domain/ports.ts';

/** A clock further off than this is wrong, whoever's it is. */
export const OFF_MS = 2 * MINUTE;
/** Answers of a supplier that its offset is the median of. */
const REMEMBERED = 20;
/** Suppliers not heard for longer (real) say nothing of now. */
const SILENT_MS = 60 * MINUTE;

/** Suppliers' clocks (`Date`) against ours, in milliseconds of the product's clock; positive: ahead of us. */
export interface Skew {
  /** Takes in one answer. Its own offset, or null where it cannot be compared with our clock. */
  hear(supplier: string, dateMs: EpochMs, at: EpochMs, latencyMs: number): number | null;
  /** How far off an answer of this latency may be by the way it travelled and by rounding to seconds. */
  tolerance(latencyMs: number): number;
  /** Our own clock is the wrong one: all suppliers that can be compared, and at least two, say so. */
  ours(): boolean;
  /** Median over the suppliers; null while there is none to compare with. */
  offset(): { readonly offMs: number; readonly suppliers: number } | null;
  conditions(): Condition[];
}

interface Heard {
  readonly offsets: number[];
  next: number;
  last: number;
  off: boolean;
  heardAt: number;
}

export function createSkew(clock: Pick<Clock, 'speed' | 'simulated'>, real: () => number): Skew {
  const suppliers = new Map<string, Heard>();
  const tolerance = (latencyMs: number): number => OFF_MS + (latencyMs + 1000) * Math.max(1, clock.speed);
  const known = (): Heard[] => [...suppliers.values()].filter(({ heardAt }) => real() - heardAt < SILENT_MS);

  const ours = (): boolean => {
    const heard = known();
    if (heard.length < 2 || !heard.every(({ off }) => off)) return false;
    const lasts = heard.map(({ last }) => last);
    // Clocks that are wrong each in its own way are theirs; ours is wrong when they agree with each other.
    return Math.max(...lasts) - Math.min(...lasts) <= tolerance(0);
  };
  const offset = (): ReturnType<Skew['offset']> => {
    const medians = known().map(({ offsets }) => median(offsets));
    return medians.length === 0 ? null : { offMs: median(medians), suppliers: medians.length };
  };

  return {
    hear(supplier, dateMs, at, latencyMs) {
      // In a demonstration a supplier of the real world lives in another time, not in a wrong one.
      if (clock.simulated && Math.abs(dateMs - Date.now()) < OFF_MS) return null;
      const off = dateMs - at;
      let heard = suppliers.get(supplier);
      if (!heard) suppliers.set(supplier, (heard = { offsets: [], next: 0, last: 0, off: false, heardAt: 0 }));
      heard.offsets[heard.next] = off;
      heard.next = (heard.next + 1) % REMEMBERED;
      heard.last = off;
      heard.off = Math.abs(off) > tolerance(latencyMs);
      heard.heardAt = real();
      return off;
    },
    tolerance,
    ours,
    offset,
    conditions() {
      const all = offset();
      if (!all) return [];
      if (!ours()) return [{ part: 'clock', status: 'ok', reason: '' }];
      const lasts = known().map(({ last }) => last);
      // Suppliers ahead of us means that we are behind.
      const reason = `our clock is ${sayOff(-median(lasts))}: ${lasts.length} suppliers agree on another time`;
      return [{ part: 'clock', status: 'degraded', reason }];
    },
  };
}

/** "10 minutes ahead", "3 hours behind". */
export function sayOff(offMs: number): string {
  const minutes = Math.round(Math.abs(offMs) / MINUTE);
  const [count, unit] =
    minutes < 90
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 60 / 24), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'} ${offMs > 0 ? 'ahead' : 'behind'}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
