import type { Logger } from 'pino';
import { describe } from './errors.ts';
import { writeCheckpoint } from './journal-checkpoints.ts';

export interface Checkpointer {
  /** Takes the state as it is now; written in the background, and skipped if a newer one comes before its turn. */
  take(seq: number, state: unknown): void;
  /** Why the last one could not be written, in plain words; empty when it could. */
  trouble(): string;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
}

/** Writes checkpoints one at a time, the newest waiting first. `mark` is read when one is taken and given to `onWritten`. */
export function createCheckpointer(deps: {
  readonly folder: string;
  readonly logger: Logger;
  readonly mark: () => number;
  readonly onWritten: (mark: number) => void;
}): Checkpointer {
  let pending: { seq: number; text: string; mark: number } | null = null;
  let writing: Promise<void> = Promise.resolve();
  let trouble = '';

  async function writePending(): Promise<void> {
    for (let next = pending; next !== null; next = pending) {
      pending = null;
      try {
        await writeCheckpoint(deps.folder, next.seq, next.text);
        trouble = '';
        deps.onWritten(next.mark);
      } catch (error) {
        trouble = describe(error);
        deps.logger.error({ type: 'journal.checkpoint', err: error }, 'Journal: a checkpoint could not be written.');
      }
    }
  }

  return {
    take(seq, state) {
      const idle = pending === null;
      pending = { seq, text: JSON.stringify(state), mark: deps.mark() };
      if (idle) writing = writing.then(writePending);
    },
    trouble: () => trouble,
    idle: () => writing,
  };
}
