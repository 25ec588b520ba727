import type { MetricState, Unit, UnitPatch } from '#shared/model/unit.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';

/** Deep equality of the plain values that units are made of. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

/** Remembers the text of the times in use: hundreds of metrics share one document's time. */
export function createInstants(): (at: EpochMs) => string {
  const texts = new Map<EpochMs, string>();
  return (at) => {
    let text = texts.get(at);
    if (text === undefined) {
      if (texts.size > 512) texts.clear();
      text = toInstant(at);
      texts.set(at, text);
    }
    return text;
  };
}

export type UnitChange = { [K in Exclude<keyof Unit, 'id' | 'metrics'>]?: Unit[K] } & {
  metrics?: Record<string, MetricState>;
};

/** What units look like from outside, and what of it changed since the last commit. */
export interface Published {
  readonly units: Unit[];
  /** Publishes what differs; everything else stays as it is. Of metrics it is given those that differ (shown.ts). */
  put(index: number, change: UnitChange): void;
  /** Patches since the last call, in the definition's order; `at` marks every changed unit. */
  take(at: EpochMs): UnitPatch[];
  readonly dirty: boolean;
}

export function createPublished(units: Unit[], instant: (at: EpochMs) => string): Published {
  let patches = new Map<number, UnitPatch>();
  const differing = (unit: Unit, change: UnitChange): UnitChange | null => {
    let found: Record<string, unknown> | null = null;
    for (const key of Object.keys(change) as (keyof UnitChange)[]) {
      if (key === 'metrics' || same(unit[key], change[key])) continue;
      (found ??= {})[key] = change[key];
    }
    if (change.metrics && !isEmpty(change.metrics)) (found ??= {})['metrics'] = change.metrics;
    return found as UnitChange | null;
  };
  return {
    units,
    put(index, change) {
      const unit = units[index];
      const found = unit && differing(unit, change);
      if (!unit || !found) return;
      const metrics = found.metrics ? merged(unit.metrics, found.metrics) : unit.metrics;
      units[index] = { ...unit, ...found, metrics };
      const before = patches.get(index);
      const both = before?.metrics && found.metrics ? merged(before.metrics, found.metrics) : undefined;
      patches.set(index, { ...before, ...found, ...(both ? { metrics: both } : {}), id: unit.id });
    },
    take(at) {
      const text = instant(at);
      const taken = [...patches].sort((a, b) => a[0] - b[0]);
      patches = new Map();
      return taken.map(([index, patch]) => {
        const unit = units[index];
        if (unit) units[index] = { ...unit, at: text };
        return { ...patch, at: text };
      });
    },
    get dirty() {
      return patches.size > 0;
    },
  };
}

/** Metrics are never changed in place: where there were none, those that come are all. */
function merged(before: Unit['metrics'], next: Unit['metrics']): Unit['metrics'] {
  return isEmpty(before) ? next : { ...before, ...next };
}

/** Without a list of its keys: asked of every unit at every look. */
function isEmpty(metrics: Unit['metrics']): boolean {
  for (const name in metrics) if (name) return false;
  return true;
}
