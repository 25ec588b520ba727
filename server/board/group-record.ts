import { METRIC_NAMES } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Applied } from '../domain/ports.ts';
import type { World } from './world.ts';

export interface GroupRecorder {
  /** What changed of the groups' numbers since they were last written down. */
  record(at: EpochMs): Applied[];
}

/**
 * History of groups: their numbers move with every answer of every feed beneath them, so they are written down once a
 * minute of the product's clock. What was last written is not part of the state: after a restart all of it is once more.
 */
export function createGroupRecorder(world: World): GroupRecorder {
  const written = world.layout.groupsUp.map(() => new Map<string, number | null>());
  return {
    record(at) {
      const applied: Applied[] = [];
      world.layout.groupsUp.forEach((group, i) => {
        const unit = world.published.units[group.index];
        const last = written[i];
        if (!unit || !last) return;
        for (const metric of METRIC_NAMES) {
          const now = unit.metrics[metric];
          if (now === undefined || last.get(metric) === now.value) continue;
          last.set(metric, now.value);
          const { value, absence } = now;
          const detail = now.detail ?? null;
          applied.push({ unit: unit.id, metric, value, absence, detail, observedAt: at, receivedAt: at, feed: null });
        }
      });
      return applied;
    },
  };
}
