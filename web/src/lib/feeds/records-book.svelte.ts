import type { QuarantineRecordsBody } from '$shared/protocol/feeds';
import { getRecords } from '../api/feeds.ts';
import { repeat, type Repeated } from './repeat.ts';

const EVERY_MS = 10_000;

/** The records of one quarantine group, as long as somebody looks at them. */
export class RecordsBook {
  records: QuarantineRecordsBody['records'] | null = $state.raw(null);
  /** The server knows no such group any more. */
  gone = $state.raw(false);
  failed = $state.raw(false);
  #group: string;
  #repeated: Repeated | undefined;

  constructor(group: string) {
    this.#group = group;
  }

  /** Returns the way out. */
  start(): () => void {
    const repeated = repeat(async (signal) => {
      const answer = await getRecords(this.#group, signal);
      if (signal.aborted) return;
      this.failed = !answer.ok;
      this.gone = !answer.ok && answer.status === 404;
      if (answer.ok) this.records = answer.body.records;
    }, EVERY_MS);
    this.#repeated = repeated;
    return () => repeated.stop();
  }

  refresh(): void {
    this.#repeated?.now();
  }
}
