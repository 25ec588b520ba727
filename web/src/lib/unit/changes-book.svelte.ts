import type { Change } from '$shared/protocol/api';
import { atQuery, get } from '../api/get.ts';
import { instantMs } from '../format/time.ts';

const REFRESH_MS = 20_000;
/** The server's own limit: today's newest. */
const MOST = 500;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isChanges = (body: unknown): body is { changes: Change[] } => isRecord(body) && Array.isArray(body['changes']);

/** Today's level changes, newest first; asked again by itself and whenever `ask` is called. Null before the first answer. */
export class ChangesBook {
  changes: readonly Change[] | null = $state.raw(null);
  failed = $state(false);
  /** Product time, epoch ms, where a full answer was cut off; null where it holds the whole day. */
  since: number | null = $state(null);
  #leave = new AbortController();
  #timer: ReturnType<typeof setInterval>;

  #asOf: () => number | null;

  /** `asOf`: the time of a replay, or null. */
  constructor(asOf: () => number | null) {
    this.#asOf = asOf;
    this.#timer = setInterval(() => void this.ask(), REFRESH_MS);
  }

  async ask(): Promise<void> {
    if (document.visibilityState === 'hidden') return;
    const answer = await get(`/api/changes?limit=${MOST}${atQuery(this.#asOf())}`, isChanges, this.#leave.signal);
    if (this.#leave.signal.aborted) return;
    this.failed = !answer.ok;
    if (!answer.ok) return;
    this.changes = answer.body.changes;
    this.since = answer.body.changes.length < MOST ? null : instantMs(answer.body.changes.at(-1)?.at);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#leave.abort();
  }
}
