import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedState } from '#shared/model/absence.ts';
import type { PollOutcome } from './domain/ports.ts';
import { measure, type Measure } from './http/measures.ts';

/** Counts what passes between the rooms, for /metrics: polls by state, what they weighed, how long the board took. */
export function createTallies() {
  const byState = new Map<FeedState, number>();
  let latencyMs = 0;
  let bytes = 0;
  let rejected = 0;
  let applyMs = 0;
  let commits = 0;
  let patched = 0;

  return {
    /** Hands an outcome on, and keeps count of it. */
    outcome(apply: (outcome: PollOutcome) => void): (outcome: PollOutcome) => void {
      return (outcome) => {
        byState.set(outcome.state, (byState.get(outcome.state) ?? 0) + 1);
        latencyMs += outcome.latencyMs;
        bytes += outcome.bytes;
        rejected += outcome.rejected;
        const began = performance.now();
        apply(outcome);
        applyMs += performance.now() - began;
      };
    },
    commit({ units }: { readonly units: readonly unknown[] }) {
      commits += 1;
      patched += units.length;
    },
    measures: (): Measure[] => [
      {
        name: 'headroom_polls_total',
        help: 'Polls by how they ended.',
        type: 'counter',
        samples: [...byState].map(([state, value]) => ({ labels: { state }, value })),
      },
      measure('counter', 'headroom_poll_seconds_total', 'Time that polls took, added up.', latencyMs / 1000),
      measure('counter', 'headroom_poll_bytes_total', 'Bytes of answers.', bytes),
      measure('counter', 'headroom_poll_rejected_total', 'Records refused.', rejected),
      measure('counter', 'headroom_apply_seconds_total', 'Time in which the board took answers in.', applyMs / 1000),
      measure('counter', 'headroom_commits_total', 'Revisions of the board in this process.', commits),
      measure('counter', 'headroom_patched_units_total', 'Units changed, added up over revisions.', patched),
    ],
  };
}

/** How much is kept on disk, and how far the database is behind it. */
export function keepingMeasures(dataFolder: string, behind: number): Measure[] {
  const folder = join(dataFolder, 'journal');
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  const bytes = sizes.reduce((a, b) => a + b, 0);
  return [
    measure('gauge', 'headroom_journal_bytes', 'Size of the journal.', bytes),
    measure('gauge', 'headroom_store_behind', 'Revisions that the database does not have yet.', behind),
  ];
}
