import type { EpochMs } from '#shared/model/time.ts';
import type { PollOutcome } from '../domain/ports.ts';
import type { Read, Rejection } from './adapters/adapter.ts';
import { createRefusals, payloadTime } from './adapters/values.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Answer, Head } from './http.ts';
import { judgeTimes, type Timed } from './timing.ts';
import type { Draft, Good, Known, Polled, Turn } from './turn.ts';

/** What all pages of a poll came to. */
export interface Taken {
  readonly read: Read<unknown>;
  readonly memory: unknown;
  readonly bytes: number;
  /** Refused in all, those apart that only said that the payload's own time lies ahead. */
  readonly refused: number;
  readonly duplicates: number;
  readonly volume: number;
  readonly ahead: boolean;
  readonly rejections: readonly Rejection[];
  readonly first: Extract<Answer, { kind: 'fresh' }>;
  /** Null where it took several pages: there is no one answer to compare the next with. */
  readonly comparable: Known['answer'];
}

const NO_READINGS: PollOutcome['readings'] = [];
const NO_SLOTS: PollOutcome['slots'] = [];
const NO_REJECTIONS: readonly Rejection[] = [];

export function taken(turn: Turn, came: Taken): Polled {
  const { read, refused } = came;
  const at = turn.deps.clock.now();
  const own = read.observedAt;
  const good: Good = {
    state: refused === 0 ? 'ok' : came.duplicates === refused ? 'duplicate' : 'partly-rejected',
    fault: refusedWords(refused, came.duplicates, came.rejections[0]),
    observedAt: own ?? at,
    rejected: refused,
    readings: read.readings,
    volume: came.volume,
  };
  const timed = judge(turn, at, came.first.head, own, came.ahead);
  const outcome = begin(turn, at, came.bytes, good, timed);
  outcome.readings = read.readings;
  outcome.slots = read.slots;
  if (read.declared) outcome.declared = read.declared;
  const known: Known = {
    memory: came.memory,
    answer: came.comparable,
    good,
    timed: own !== null || came.ahead,
    times: timed.times,
  };
  return { outcome, known, rejections: came.rejections, retryAfterMs: null, scope: 'target', answer: came.first };
}

/** Nothing was parsed: what was last sent stands, unless time alone has changed it. */
export function unchanged(turn: Turn, answer: Extract<Answer, { kind: 'unchanged' }>): Polled {
  const { deps, askedAt, target } = turn;
  const { adapter, instance, known } = target;
  if (!known.good) return failed(turn, FAULTS.unreadable, answer.bytes, answer);
  const at = deps.clock.now();
  const now = adapter.again?.({ instance, askedAt, now: at, page: 0 }, known.memory) ?? null;
  const moved = now !== null && !sameReadings(now.readings, known.good.readings);
  const said = answer.time === null || !known.timed ? null : timeOf(answer.time, at);
  const observedAt = said ? (said.own ?? at) : known.timed ? known.good.observedAt : at;
  const readings = moved ? now.readings : known.good.readings;
  const good: Good = { ...known.good, observedAt, readings };
  const own = said ? said.own : known.timed ? known.times.last : null;
  const timed = judge(turn, at, answer.head, own, said?.ahead ?? false);
  const outcome = begin(turn, at, answer.bytes, good, timed);
  outcome.unchanged = !moved;
  if (moved) {
    outcome.readings = now.readings;
    outcome.slots = now.slots;
  }
  const { memory, timed: timedBefore } = known;
  const next: Known = { memory, answer: known.answer, good, timed: timedBefore, times: timed.times };
  return { outcome, known: next, rejections: NO_REJECTIONS, retryAfterMs: null, scope: 'target', answer };
}

export function failed(turn: Turn, { state, fault }: Fault, bytes: number, answer: Answer | null): Polled {
  const outcome: Draft = {
    feed: turn.target.instance.id,
    at: turn.deps.clock.now(),
    state,
    fault,
    observedAt: null,
    readings: NO_READINGS,
    slots: NO_SLOTS,
    unchanged: false,
    rejected: 0,
    latencyMs: Math.round(performance.now() - turn.began),
    bytes,
  };
  const said = answer?.kind === 'fault' ? answer : null;
  return {
    outcome,
    known: turn.target.known,
    rejections: NO_REJECTIONS,
    retryAfterMs: said?.retryAfterMs ?? null,
    scope: said?.scope ?? 'target',
    answer,
  };
}

function begin(turn: Turn, at: EpochMs, bytes: number, good: Good, { fault }: Timed): Draft {
  return {
    feed: turn.target.instance.id,
    at,
    state: fault ? fault.state : good.state,
    fault: fault ? (good.fault === '' ? fault.fault : `${fault.fault}; ${good.fault}`) : good.fault,
    observedAt: good.observedAt,
    readings: NO_READINGS,
    slots: NO_SLOTS,
    unchanged: false,
    rejected: good.rejected,
    latencyMs: Math.round(performance.now() - turn.began),
    bytes,
    volume: good.volume,
  };
}

function judge(turn: Turn, at: EpochMs, head: Head, own: EpochMs | null, ahead: boolean): Timed {
  const { instance, everyMs, known } = turn.target;
  const { supplier, staleAfterMs } = instance.feed;
  const latencyMs = performance.now() - turn.began;
  return judgeTimes(
    { supplier, staleAfterMs, periodMs: everyMs, head, own, ahead, at, latencyMs },
    known.times,
    turn.deps.skew,
  );
}

/** The payload's new own time, by the rules that adapters go by. */
function timeOf(text: string, at: EpochMs): { readonly own: EpochMs | null; readonly ahead: boolean } {
  const refusals = createRefusals();
  const own = payloadTime(text, at, '/', refusals);
  return { own, ahead: own === null && refusals.count > 0 };
}

const sameReadings = (a: PollOutcome['readings'], b: PollOutcome['readings']): boolean =>
  a.length === b.length && a.every((reading, i) => reading.value === b[i]?.value && reading.metric === b[i].metric);

function refusedWords(count: number, duplicates: number, first: Rejection | undefined): string {
  if (count === 0) return '';
  if (duplicates === count) return count === 1 ? 'a record comes twice' : `${count} records come more than once`;
  const where = first ? `: ${first.place} ${first.reason}` : '';
  return count === 1
    ? `1 record or field was refused${where}`
    : `${count} records or fields were refused, the first${where}`;
}
