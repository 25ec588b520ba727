import { BRINGS_READINGS } from '#shared/model/absence.ts';
import { sayTime } from '#shared/model/time.ts';
import type { Pause, PollOutcome } from '../domain/ports.ts';
import { worthKeeping, type Answers } from './answers.ts';
import { createBreaker, trips } from './breaker.ts';
import { nothingKnown, type Entry } from './entry.ts';
import type { Lanes } from './lanes.ts';
import { poll } from './poll.ts';
import { backOffMs, holdMs, retriesBeforeSchedule } from './retry.ts';
import type { Schedule } from './schedule.ts';
import type { Draft, Known, Polled, PollDeps } from './turn.ts';

export interface TurnsDeps extends PollDeps {
  readonly answers: Answers;
  readonly schedule: Schedule;
  /** Made after the turns that it starts, so asked for when it is wanted. */
  readonly lanes: () => Pick<Lanes<Entry>, 'waiting'>;
  readonly onOutcome: (outcome: PollOutcome) => void;
  readonly real: () => number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** What one turn of an instance does, and what follows from what it came to. */
export interface Turns {
  /** The one way to a poll: never two of one instance at once, none of a paused one. */
  turn(entry: Entry): Promise<PollOutcome>;
  /** Says that an instance is paused. */
  sayPaused(entry: Entry, pause: Pause): PollOutcome;
  /** Those that are asked again at their `notBefore`, ahead of the schedule. */
  readonly retrying: Set<Entry>;
}

export function createTurns(deps: TurnsDeps): Turns {
  const { clock, schedule, logger, real, random, signal } = deps;
  /** Suppliers that asked to be left alone, until when (real). */
  const held = new Map<string, number>();
  const retrying = new Set<Entry>();

  const turn = (entry: Entry): Promise<PollOutcome> => {
    entry.queued = false;
    if (entry.pause) return Promise.resolve(pausedOutcome(entry, entry.pause));
    if (entry.running) return entry.running;
    const until = held.get(entry.supplier) ?? 0;
    if (real() < until) return Promise.resolve(hold(entry, until));
    // It never ends within the call: it has a poll to wait for.
    return (entry.running = once(entry));
  };

  const once = async (entry: Entry): Promise<PollOutcome> => {
    try {
      retrying.delete(entry);
      const { keep } = entry;
      const ask = (): Promise<Polled> => poll(deps, entry, keep, signal);
      const polled = await (entry.breaker ? entry.breaker.run(ask) : ask());
      // It was under way when it was paused: nothing came, as far as anybody is told, and nothing is remembered of it.
      if (entry.pause) return pausedOutcome(entry, entry.pause);
      settle(entry, polled);
      if (keep) entry.keep = false;
      if (keep || worthKeeping(entry.state, polled)) keepAnswer(entry, polled);
      return publish(entry, polled.outcome);
    } finally {
      entry.running = null;
    }
  };

  const keepAnswer = (entry: Entry, polled: Polled): void => {
    try {
      deps.answers.keep(entry, polled);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      logger.error({ type: 'feed-answer-not-kept', feed: entry.id, error: name }, 'answer could not be kept');
    }
  };

  const hold = (entry: Entry, until: number): PollOutcome => {
    entry.notBefore = until;
    retrying.add(entry);
    const seconds = Math.ceil((until - real()) / 1000);
    const fault = `the supplier asks us to poll less often: not polled for another ${seconds} seconds`;
    return publish(entry, emptyOutcome(entry, 'throttled', fault));
  };

  /** The one place where what is known changes, so that the bodies in it are counted. */
  const remember = (entry: Entry, known: Known): void => {
    const before = entry.known.answer?.validators.body ?? null;
    const { answer } = known;
    const body = answer?.validators.body ?? null;
    const room = body === before || deps.http.kept.replace(before, body);
    entry.known =
      room || !answer ? known : { ...known, answer: { ...answer, validators: { ...answer.validators, body: null } } };
  };

  const settle = (entry: Entry, polled: Polled): void => {
    const { outcome } = polled;
    const { state } = outcome;
    remember(entry, polled.known);
    if (!outcome.unchanged) entry.rejections = polled.rejections;
    const restMs = entry.breaker?.openForMs() ?? null;
    if (restMs === null) entry.breaker = !trips(state) || !entry.breaker ? null : entry.breaker;
    if (BRINGS_READINGS.has(state)) {
      entry.failures = 0;
      entry.notBefore = 0;
      entry.suspect = false;
      return;
    }
    entry.failures++;
    entry.suspect = state === 'timeout' || state === 'too-slow';
    if (trips(state)) entry.breaker ??= createBreaker(1, random);
    const asked = state === 'throttled' || polled.retryAfterMs !== null;
    const wait = asked ? holdMs(polled.retryAfterMs, entry.failures, random()) : backOffMs(entry.failures, random());
    entry.notBefore = real() + Math.max(wait, restMs ?? 0);
    if (asked && polled.scope === 'supplier') held.set(entry.supplier, entry.notBefore);
    const resting = restMs !== null;
    const tries = resting ? Infinity : entry.failures;
    if (retriesBeforeSchedule(state, tries, entry.everyMs / clock.speed)) retrying.add(entry);
    if (resting) outcome.fault += `; not asked again until ${sayTime(nextPollAt(entry) ?? clock.now())}`;
  };

  /** The next turn on the product's clock: of the schedule or before it, once its rest is over and the quota allows. */
  const nextPollAt = (entry: Entry): number | null => {
    if (entry.pause) return null;
    const now = clock.now();
    const ready = now + Math.max(0, entry.notBefore - real()) * clock.speed;
    const planned = schedule.next(entry.id, ready) ?? Infinity;
    const next = retrying.has(entry) ? Math.min(ready, planned) : planned;
    if (next === Infinity) return null;
    const rate = deps.quotas.rate(entry.supplier);
    const queueMs = rate === null ? 0 : (deps.lanes().waiting(entry.supplier) / rate) * clock.speed;
    return Math.round(Math.max(next, now + queueMs));
  };

  const publish = (entry: Entry, outcome: Draft): PollOutcome => {
    if (signal.aborted) return outcome;
    outcome.nextPollAt = nextPollAt(entry);
    if (entry.failures > 0) outcome.failures = entry.failures;
    if (entry.saysUnpaused && !entry.pause) {
      outcome.paused = null;
      entry.saysUnpaused = false;
    }
    if (outcome.state !== entry.state) {
      const { feed, state, fault, latencyMs } = outcome;
      logger.info({ type: 'feed-state', feed, from: entry.state, state, fault, latencyMs }, 'feed state changed');
      entry.state = state;
    }
    try {
      deps.onOutcome(outcome);
    } catch (error) {
      logger.error({ type: 'feed-outcome-failed', feed: outcome.feed, err: error }, 'outcome was not taken');
      // What nobody took must not pass as known: the next answer is read whole.
      remember(entry, nothingKnown(entry.adapter));
    }
    return outcome;
  };

  const emptyOutcome = (entry: Entry, state: 'throttled' | 'paused', fault: string): Draft => ({
    feed: entry.id,
    at: clock.now(),
    state,
    fault,
    observedAt: null,
    readings: [],
    slots: [],
    unchanged: false,
    rejected: 0,
    latencyMs: 0,
    bytes: 0,
  });

  const pausedOutcome = (entry: Entry, pause: Pause): Draft => {
    const outcome = emptyOutcome(entry, 'paused', `paused: ${pause.reason}`);
    outcome.paused = pause;
    outcome.nextPollAt = null;
    return outcome;
  };

  return { turn, retrying, sayPaused: (entry, pause) => publish(entry, pausedOutcome(entry, pause)) };
}
