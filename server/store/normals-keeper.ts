import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Definition } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, localDate, MINUTE, QUARTER, ZONE, type EpochMs } from '#shared/model/time.ts';
import type { SiteCells } from '../domain/normal/metric-day.ts';
import type { Normals } from '../domain/normal/normals.ts';
import type { Clock, Condition, SampleReader } from '../domain/ports.ts';
import { describe } from './errors.ts';
import { createDayCells } from './normals-cells.ts';
import { buildProfile, type BuildDeps } from './normals-build.ts';
import type { NormalFiles } from './normals-file.ts';
import { learnDay, type LearnDeps } from './normals-learn.ts';
import type { LearnedStore } from './normals.ts';
import type { Span } from './recording.ts';

/** After midnight, until the last readings of the day before are in the database. */
const LEARN_AFTER = 20 * MINUTE;
/** A day is learned once more when so many have passed since: what came late is in it then. */
const LATE_DAYS = 1;
/** Days of absence that are caught up on, and how long what was learned stays. */
const CAUGHT_UP_DAYS = 84;
const KEPT_DAYS = 400;
/** Real ms between looks, sooner where the clock runs faster, and after a failure. */
const LOOK_MS = 5000;
const LEAST_LOOK_MS = 250;
const RETRY_MS = 30_000;
/** Failures in a row that are said out loud. */
const MANY_FAILURES = 5;

export interface NormalsKeeper {
  start(): void;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
  conditions(): Condition[];
  /** One pass: learns what is due and makes the profiles of today and tomorrow. True when there is nothing left to do today. */
  pass(): Promise<boolean>;
  /** What is usual of one metric on a day, told from the store. Rejects with `StoreUnavailable`. */
  cells(day: EpochMs, metric: MetricName): Promise<ReadonlyMap<string, SiteCells>>;
}

export interface KeeperDeps {
  readonly definition: Definition;
  readonly normals: Normals;
  readonly store: LearnedStore;
  readonly reader: SampleReader;
  readonly spans: (from: EpochMs, to: EpochMs) => Promise<readonly Span[]>;
  readonly files: NormalFiles;
  readonly clock: Clock;
  /** Whether the database can be asked and has nearly all that the journal has. */
  readonly ready: () => boolean;
  readonly logger: Logger;
}

const dateOf = (at: EpochMs, days: number): string => Temporal.PlainDate.from(localDate(at)).add({ days }).toString();
const startOf = (date: string): EpochMs => Temporal.PlainDate.from(date).toZonedDateTime(ZONE).epochMilliseconds;

/**
 * Learns each day in the night after it and makes the next day's profile from what is known by then, so that it is there
 * before its day begins. After an absence it catches up, and a day that began without a profile gets one from the next
 * quarter hour on.
 */
export function createNormalsKeeper(deps: KeeperDeps): NormalsKeeper {
  const { normals, store, files, clock, logger } = deps;
  const stopping = new AbortController();
  const stopped = () => stopping.signal.aborted;
  const build: BuildDeps = { definition: deps.definition, store, published: normals.published };
  const learn: LearnDeps = { definition: deps.definition, reader: deps.reader, store, spans: deps.spans };
  const cells = createDayCells(build);
  /** Days for which nothing was known, so that nobody asks again before more is learned. */
  const nothing = new Set<EpochMs>();
  /** Which of a day's two times to learn was the last that was kept: its beginning, and once yesterday is whole. */
  let learnedAt: EpochMs | null = null;
  let failures = 0;
  let trouble = '';
  let loop: Promise<void> = Promise.resolve();

  const learnDue = async (now: EpochMs): Promise<boolean> => {
    for (const date of await dueDates(store, now)) {
      const began = performance.now();
      if (!(await learnDay(learn, startOf(date), now, stopped))) return false;
      nothing.clear();
      cells.forget();
      logger.info(
        { type: 'normals.learned', day: date, durationMs: Math.round(performance.now() - began) },
        'A day was learned.',
      );
    }
    await store.prune(dateOf(now, -KEPT_DAYS));
    return true;
  };
  const makeProfile = async (day: EpochMs): Promise<boolean> => {
    if (normals.held(day) !== undefined || nothing.has(day)) return true;
    const profile = await buildProfile(build, { day, from: day }, stopped);
    if (stopped()) return false;
    if (profile === null) {
      nothing.add(day);
      return true;
    }
    // Within its day it counts from a moment that nobody has lived through yet.
    const later = Math.ceil((clock.now() + MINUTE * Math.max(1, clock.speed)) / QUARTER) * QUARTER;
    const ready = { ...profile, from: clock.now() < day ? day : later };
    files.save(ready);
    normals.install(ready);
    logger.info(
      { type: 'normals.profile', day: localDate(day), rows: ready.size },
      'The own normals of a day are ready.',
    );
    return true;
  };
  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    const today = dayStart(now);
    normals.forget(now);
    if (!deps.ready()) return false;
    const night = now < today + LEARN_AFTER;
    const due = night ? today : today + LEARN_AFTER;
    if (learnedAt !== due && !(await learnDue(now))) return false;
    learnedAt = due;
    return (await makeProfile(today)) && !night && (await makeProfile(dayEnd(now)));
  };
  const run = async () => {
    while (!stopped()) {
      let pauseMs = Math.max(LEAST_LOOK_MS, LOOK_MS / Math.max(1, clock.speed / 10));
      try {
        await pass();
        failures = 0;
      } catch (error) {
        if (stopped()) return;
        failures += 1;
        trouble = describe(error);
        pauseMs = RETRY_MS;
        logger.warn({ type: 'normals.trouble', err: error }, 'Own normals could not be brought up to date.');
      }
      await pause(pauseMs, stopping.signal);
    }
  };
  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    conditions: () => [
      failures < MANY_FAILURES
        ? { part: 'normals', status: 'ok', reason: '' }
        : { part: 'normals', status: 'degraded', reason: `Own normals are not brought up to date: ${trouble}` },
    ],
    pass,
    cells: (day, metric) => cells.of(day, metric),
  };
}

/** Dates to learn, oldest first: whole days on record that were not, and the one whose late readings are in by now. */
async function dueDates(store: LearnedStore, now: EpochMs): Promise<string[]> {
  const began = await store.began();
  if (began === null) return [];
  const today = dayStart(now);
  const last = now < today + LEARN_AFTER ? dateOf(now, -2) : dateOf(now, -1);
  const earliest = dateOf(now, -CAUGHT_UP_DAYS);
  const first = localDate(began) > earliest ? localDate(began) : earliest;
  const learned = await store.learned(first);
  const due: string[] = [];
  for (let date = first; date <= last; date = next(date)) {
    const at = learned.get(date);
    const lateAt = startOf(dateOf(startOf(date), 1 + LATE_DAYS));
    const late = at !== undefined && at < lateAt && now >= lateAt && date >= dateOf(now, -2 - LATE_DAYS);
    if (at === undefined || late) due.push(date);
  }
  return due;
}

const next = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString();

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}
