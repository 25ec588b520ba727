import type { Level } from '#shared/model/level.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import { BANDS, type National } from '#shared/model/definition.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { findSystemFolder } from '../../server/definition/system-folder.ts';
import { readyRules, rulesFor, type Evidence, type ReadyRule } from '../../server/domain/pressure/indicators.ts';
import { NO_STANDING, step, type Standing } from '../../server/domain/pressure/levels.ts';
import { scoreGroup } from '../../server/domain/pressure/rollup.ts';
import { scoreSite, type Remembered } from '../../server/domain/pressure/score.ts';
import { report } from './report.ts';

const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
const NEIGHBOURHOODS = 10;
const PRACTICES = 6;
const OPENS = 8 * 60;
const CLOSES = 18.5 * 60;
const WINDOW = 30 * MINUTE;
/** Scripted distress: so many practices a day, from one minute to the next, for so long. */
const STRUCK = 6;
const LASTS = 3 * 60;
/** What must be seen of it. */
const SEVERE: Level = 3;
const LIMIT_MINUTES = 10;

/**
 * A noisy week of 60 practices in 10 neighbourhoods, a reading a minute, by the shipped rules and the published shape of
 * the week's calls: how often levels turn, and how soon scripted distress is seen. The baselines: the same readings
 * without hysteresis.
 */
export async function runBench(): Promise<void> {
  const loaded = await loadDefinition(findSystemFolder('greater-manchester') ?? '');
  if (!loaded.ok) throw new Error('greater-manchester does not load');
  const { rules } = loaded.definition;
  const national = loadNational();
  const held = liveWeek(rules, national);
  const bare = liveWeek({ ...rules, hysteresis: { riseAfter: 1, fallMargin: 0, fallAfterMinutes: 0 } }, national);
  for (const kind of ['practice', 'group'] as const) {
    report(`flaps-${kind}-turns-in-30-min-most`, held[kind].most, 'turns', bare[kind].most);
    report(`flaps-${kind}-turns-in-30-min-mean`, held[kind].mean, 'turns a unit', bare[kind].mean);
    report(`flaps-${kind}-changes-a-day`, held[kind].changes, 'changes a unit', bare[kind].changes);
  }
  report('flaps-detection-slowest', Math.max(...held.detected), 'min to level 3', Math.max(...bare.detected));
  report('flaps-detection-mean', mean(held.detected), 'min to level 3', mean(bare.detected));
  report(`flaps-detection-beyond-${LIMIT_MINUTES}-min`, late(held.detected), 'of the scripted', late(bare.detected));
}

interface Figures {
  readonly most: number;
  readonly mean: number;
  readonly changes: number;
}
interface Week {
  readonly practice: Figures;
  readonly group: Figures;
  /** Minutes from the start of each scripted distress to level 3; Infinity: never. */
  readonly detected: readonly number[];
}
interface Seen {
  readonly at: EpochMs;
  readonly level: Level | null;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const late = (minutes: readonly number[]) => minutes.filter((m) => m > LIMIT_MINUTES).length;

function liveWeek(rules: Rules, national: National): Week {
  const ready = rulesFor(readyRules(rules), 'practice');
  const practices = Array.from({ length: NEIGHBOURHOODS * PRACTICES }, (_, index) => createPractice(index));
  const groups = Array.from({ length: NEIGHBOURHOODS + 1 }, () => ({ standing: NO_STANDING, seen: [] as Seen[] }));
  const detected: number[] = [];
  DAYS.forEach((date, day) => {
    const midnight = fromInstant(`${date}T00:00:00Z`);
    for (const practice of practices) practice.open();
    for (const group of groups) group.standing = NO_STANDING;
    const struck = strikes(day);
    for (let minute = OPENS; minute < CLOSES; minute += 1) {
      const at = midnight + minute * MINUTE;
      const shape = callsUsual(national, day, minute);
      for (const practice of practices) {
        const since = minute - (struck.get(practice.index) ?? Infinity);
        practice.read(rules, ready, { at, minute, shape, distress: since >= 0 && since < LASTS });
      }
      groups.forEach((group, n) => {
        const parts = n === NEIGHBOURHOODS ? practices : practices.slice(n * PRACTICES, (n + 1) * PRACTICES);
        readGroup(group, parts, rules, at);
      });
    }
    for (const [index, from] of struck)
      detected.push(minutesTo(practices[index]?.seen ?? [], midnight + from * MINUTE));
  });
  return { practice: figures(practices), group: figures(groups), detected };
}

/** Which practices are struck on a day, and when: never the same at the same time. */
const strikes = (day: number): Map<number, number> =>
  new Map(
    Array.from({ length: STRUCK }, (_, i) => [(day * 7 + i * 11) % 60, OPENS + 40 + ((day * 53 + i * 89) % 330)]),
  );

function minutesTo(seen: readonly Seen[], from: EpochMs): number {
  const found = seen.find(({ at, level }) => at >= from && (level ?? 0) >= SEVERE);
  return found && found.at - from < LASTS * MINUTE ? (found.at - from) / MINUTE : Infinity;
}

/** Calls an hour of an ordinary practice at this time, by the published bands of that weekday. */
function callsUsual(national: National, day: number, minute: number): number {
  const band = BANDS.findIndex(({ from, to }) => minute >= from && minute < to);
  const days = national.days.filter(({ date }) => Temporal.PlainDate.from(date).dayOfWeek === day + 1);
  const calls = mean(days.map(({ bands }) => bands[band] ?? 0));
  const { from, to } = BANDS[band] ?? { from: 0, to: 60 };
  const busiest = Math.max(...days.map(({ bands }) => Math.max(...bands)));
  return 5 + (60 * (calls / busiest) * 120) / (to - from);
}

interface Now {
  readonly at: EpochMs;
  readonly minute: number;
  /** Usual calls an hour. */
  readonly shape: number;
  readonly distress: boolean;
}

/** Repeatable noise: a small generator of its own for each practice. */
function createNoise(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761;
  const uniform = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

function createPractice(index: number) {
  const noise = createNoise(index);
  let memory: (Remembered | undefined)[] = [];
  let drift = 0;
  let wait = 240;
  const practice = {
    index,
    population: 5000 + 1000 * (index % 7),
    standing: NO_STANDING as Standing,
    lastScore: 0,
    seen: [] as Seen[],
    open() {
      memory = [];
      practice.standing = NO_STANDING;
    },
    read(rules: Rules, ready: readonly ReadyRule[], now: Now) {
      // Demand drifts over hours and jumps from minute to minute; a queue answers to it.
      drift = drift * 0.985 + noise() * 0.045;
      const load = Math.max(0.3, 1 + drift + noise() * 0.12 + (index % 10) * 0.02 + (now.distress ? 0.9 : 0));
      const usualWait = 120 + 4 * now.shape;
      wait = wait * 0.6 + 0.4 * usualWait * load ** (now.distress ? 3 : 2) * (1 + noise() * 0.25);
      const evidence = evidenceAt({ load, wait, usualWait, noise, now, population: practice.population });
      const score = scoreSite(ready, evidence, memory, {
        at: now.at,
        minute: now.minute,
        holdMs: () => 3 * MINUTE,
        minimumCoverage: rules.minimumCoverage,
      });
      practice.standing = step(practice.standing, { ...score, at: now.at, fresh: true }, rules);
      practice.lastScore = score.score ?? practice.lastScore;
      practice.seen.push({ at: now.at, level: practice.standing.level });
    },
  };
  return practice;
}
type Practice = ReturnType<typeof createPractice>;

interface Minute {
  readonly load: number;
  readonly wait: number;
  readonly usualWait: number;
  readonly noise: () => number;
  readonly now: Now;
  readonly population: number;
}

/** What a practice's feeds say in this minute of the metrics that every practice brings; others are no part of its rules. */
function evidenceAt({ load, wait, usualWait, noise, now, population }: Minute): (ready: ReadyRule) => Evidence {
  const done = (now.minute - OPENS) / (CLOSES - OPENS);
  const left = Math.max(0, 0.75 - done * load * 0.9 - (now.distress ? 0.5 : 0));
  const values: Partial<Record<MetricName, readonly [value: number, usual: number | null]>> = {
    'slots.left-share': [left, null],
    'patients.without-slot': [left > 0 ? 0 : (population / 1000) * 0.5 * load, null],
    'calls.longest-wait': [wait, usualWait],
    'callbacks.per-1000': [Math.max(0, 0.35 * load ** 2 + noise() * 0.12), null],
    'calls.answered-share': [Math.min(1, Math.max(0, 0.72 / load + noise() * 0.05)), 0.72],
    'calls.against-usual': [load, null],
    'calls.missed-share': [Math.min(1, Math.max(0, 0.1 * load ** 2 + noise() * 0.03)), 0.1],
    'callbacks.oldest': [1800 * load ** 2, null],
  };
  return ({ metric }) => {
    const [value, usual] = values[metric] ?? [null, null];
    return { value, usual, absence: null, detail: null, base: 40, population };
  };
}

function readGroup(group: { standing: Standing; seen: Seen[] }, parts: readonly Practice[], rules: Rules, at: EpochMs) {
  const sum = (of: (practice: Practice) => number) => parts.reduce((total, practice) => total + of(practice), 0);
  const from = (level: Level) => sum(({ standing, population }) => ((standing.level ?? 0) >= level ? population : 0));
  const all = sum(({ population }) => population);
  const known = {
    open: all,
    known: all,
    scored: sum(({ lastScore, population }) => lastScore * population),
    distressed: from(3),
    extreme: from(4),
    worst: Math.max(...parts.map(({ lastScore }) => lastScore)),
  };
  const { scored: lastScored, distressed: lastDistressed, extreme: lastExtreme, worst: lastWorst } = known;
  const score = scoreGroup({ ...known, lastKnown: all, lastScored, lastDistressed, lastExtreme, lastWorst }, rules);
  group.standing = step(group.standing, { ...score, at, fresh: true }, rules);
  group.seen.push({ at, level: group.standing.level });
}

/** A turn: two moves in a row, one up and one down, within half an hour of each other. */
function figures(units: readonly { readonly seen: readonly Seen[] }[]): Figures {
  const windows = (DAYS.length * (CLOSES - OPENS) * MINUTE) / WINDOW;
  const each = units.map(({ seen }) => {
    const moves = movesOf(seen);
    const turns = moves.filter(({ up, at }, i) => {
      const before = moves[i - 1];
      return before !== undefined && before.up !== up && at - before.at <= WINDOW;
    });
    const within = turns.map(({ at }) => turns.filter((turn) => turn.at >= at && turn.at - at <= WINDOW).length);
    return { most: Math.max(0, ...within), turns: turns.length / windows, changes: moves.length / DAYS.length };
  });
  return {
    most: Math.max(...each.map(({ most }) => most)),
    mean: mean(each.map(({ turns }) => turns)),
    changes: mean(each.map(({ changes }) => changes)),
  };
}

function movesOf(seen: readonly Seen[]): { at: EpochMs; up: boolean }[] {
  return seen.flatMap(({ at, level }, i) => {
    const before = seen[i - 1];
    // Overnight nothing is judged: the morning's first level is no move.
    if (before === undefined || at - before.at > HOUR || before.level === null || level === null) return [];
    return before.level === level ? [] : [{ at, up: level > before.level }];
  });
}
