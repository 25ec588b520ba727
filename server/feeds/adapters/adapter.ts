import type { FeedState } from '#shared/model/absence.ts';
import type { AdapterName, FeedDef, SlotTypes, SupplierDef } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedInstance } from '../../domain/feed-instances.ts';
import type { DeclaredReading, PollOutcome, Reading } from '../../domain/ports.ts';
import type { MappingRunner } from '../mapping/runner.ts';

/** One refused record or field: where it stood in the payload (JSON pointer) and why. Never what it held. */
export interface Rejection {
  readonly place: string;
  readonly reason: string;
}

/**
 * What of a payload's texts may be read in a redacted copy (decision 26). Structure, numbers of fewer than eight digits
 * and booleans stay by themselves; a text stays only where its key is named here and the whole text matches.
 */
export interface Redaction {
  readonly keeps: Readonly<Record<string, RegExp>>;
  /** Keys whose texts tie records together: replaced by `#1`, `#2` … the same within a document. */
  readonly links: readonly string[];
  /**
   * Names of fields and columns that may be read besides: what a mapping speaks of. Any other name stays only where it
   * begins with a small letter, as names of fields do and names of people do not; of a table, none stays.
   */
  readonly fields?: ReadonlySet<string>;
}

export interface Asking {
  readonly instance: FeedInstance;
  /** Product clock. */
  readonly now: EpochMs;
  /** Code of the organisation that asks, for standards that want it named. */
  readonly requester: string;
}

/** Address and header lines of a poll; `${NAME}` in them is filled in afterwards. The feed's own headers win. */
export interface AdapterRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: GET without a body. */
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

export interface ReadContext {
  readonly instance: FeedInstance;
  /** Product clock of the request: what was asked for (which day, whole or changes) goes by this. */
  readonly askedAt: EpochMs;
  /** Product clock when the answer was complete. */
  readonly now: EpochMs;
  /** 0 for the first page of a poll. */
  readonly page: number;
}

/** What an adapter made of a payload. Nothing in it names a person. */
export interface Read<Memory> {
  readonly ok: true;
  /** The payload's own time, or null where it has none. */
  readonly observedAt: EpochMs | null;
  /**
   * All that the payload says, not only what has changed. An adapter that remembers hands out the very object of last
   * time for a reading that is as before (and the very list where all are), so that comparing them costs nothing.
   */
  readonly readings: readonly Reading[];
  readonly slots: PollOutcome['slots'];
  readonly rejected: readonly Rejection[];
  /** Refused in all; the list above is bounded. */
  readonly rejectedCount: number;
  /** Address of the next page; readings count once it is null. */
  readonly next: string | null;
  readonly memory: Memory;
  readonly declared?: readonly DeclaredReading[];
  /** Records the payload held, taken or refused. */
  readonly volume: number;
  /** Of `rejectedCount`, those refused only because the same record came before. */
  readonly duplicates?: number;
}

/** The payload as a whole is not what the standard says. */
export interface Unreadable {
  readonly ok: false;
  /** One that brings no readings. */
  readonly state: FeedState;
  readonly fault: string;
}

/**
 * One standard. Pure: everything it knows between polls is `Memory`, handed in and handed back, kept in memory only and
 * committed when the whole poll has succeeded.
 */
export interface Adapter<Memory> {
  readonly name: AdapterName;
  /** Large whole reads and nothing urgent in them: at the start they wait until the others have had their turn. */
  readonly heavy?: true;
  /** What the body is before `read` has it: parsed JSON (the default), or text. */
  readonly format?: 'json' | 'csv';
  readonly redaction: Redaction;
  /** What an answer says goes by the time of asking too: the same bytes later may say something else. */
  readonly clocked?: true;
  /** Keys of the payload's own time: a body that differs from the last one only there brings nothing new. */
  readonly timeKeys: readonly string[];
  /**
   * Its numbers are counts over a whole answer: what is read again from a part of one says what would be taken, and its
   * readings mean nothing.
   */
  readonly summed?: true;
  memory(): Memory;
  request(asking: Asking, memory: Memory): AdapterRequest;
  read(
    payload: unknown,
    context: ReadContext,
    memory: Memory,
  ): Read<Memory> | Unreadable | Promise<Read<Memory> | Unreadable>;
  /**
   * After an unchanged answer: what the memory says at this later time, where time alone changes the numbers (a free
   * slot whose start has passed). Absent where it does not.
   */
  again?(context: ReadContext, memory: Memory): Pick<Read<Memory>, 'readings' | 'slots'>;
}

/** What an adapter may be made with besides its feed. */
export interface AdapterTools {
  readonly supplier: SupplierDef | null;
  readonly slotTypes: SlotTypes | null;
  readonly mapping: MappingRunner;
}

/** An adapter that needs nobody else to read: all but the mapped ones. */
export interface SyncAdapter<Memory> extends Adapter<Memory> {
  read(payload: unknown, context: ReadContext, memory: Memory): Read<Memory> | Unreadable;
}

export type MakeAdapter<Memory, Made extends Adapter<Memory> = SyncAdapter<Memory>> = (
  feed: FeedDef,
  tools: AdapterTools,
) => Made;
