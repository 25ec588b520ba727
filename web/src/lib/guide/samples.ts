import { ABSENCES } from '$shared/model/absence';
import type { Level } from '$shared/model/level-words';
import { HOUR, MINUTE, QUARTER } from '$shared/model/time';
import type { Indicator, MetricState } from '$shared/model/unit';
import type { Point } from '../chart/types.ts';
import { unitOf } from '../control/unit-fixture.ts';
import type { Live } from '../live/live.svelte.ts';

/** Made up, like everything on the page: a winter Monday at 9:42am. */
export const NOW = Date.parse('2026-01-12T09:42:00Z');
const MIDNIGHT = Date.parse('2026-01-12T00:00:00Z');
export const DAY = { from: MIDNIGHT + 7 * HOUR, to: MIDNIGHT + 21 * HOUR };

export type LiveState = Partial<Pick<Live, 'now' | 'line' | 'lastFrameAt' | 'simulated' | 'speed' | 'replay'>>;
const live: LiveState = { now: NOW, line: 'live', lastFrameAt: NOW, simulated: false, speed: 1 };

export const LINES: readonly (readonly [name: string, state: LiveState, has: boolean])[] = [
  ['live', live, true],
  ['simulated', { ...live, simulated: true, speed: 10 }, true],
  ['replay', { ...live, simulated: true, replay: { stream: 'guide', speed: 60, shown: true, fault: null } }, true],
  ['stale', { ...live, now: NOW + 4 * MINUTE, line: 'lost' }, true],
  ['loading', { now: null, line: 'connecting' }, false],
];

/** Every level there is, and the two that are none. */
export const LEVELS: readonly { readonly level: Level | null; readonly closed: boolean; readonly word: string }[] = [
  { level: 1, closed: false, word: 'Normal' },
  { level: 2, closed: false, word: 'Moderate' },
  { level: 3, closed: false, word: 'Severe' },
  { level: 4, closed: false, word: 'Extreme' },
  { level: null, closed: false, word: 'Unknown' },
  { level: null, closed: true, word: 'Closed' },
];

const at = '2026-01-12T09:41:00.000Z';
const measured = (value: number, given: Partial<MetricState> = {}): MetricState => ({
  value,
  absence: null,
  observedAt: at,
  ...given,
});

export const VALUES: readonly (readonly [name: string, metric: MetricState, measure: string])[] = [
  ['a count', measured(31_480), 'count'],
  ['a true zero', measured(0), 'count'],
  ['tiny', measured(0.002), 'share'],
  ['huge', measured(3_187_204), 'count'],
  ['a wait', measured(660), 'seconds'],
  ['a long wait', measured(190_000), 'seconds'],
  ['per 1,000', measured(57.2), 'per-1000'],
  ['a ratio', measured(1.4), 'ratio'],
  ['a time', measured(NOW), 'epoch-ms'],
  ['estimated', measured(42, { estimated: true }), 'count'],
];

export const MISSING: readonly MetricState[] = ABSENCES.map((absence) => ({
  value: null,
  absence,
  observedAt: null,
  ...(absence === 'unreachable' ? { detail: 'tls-expired', last: { value: 660, observedAt: at } } : {}),
}));

const LONG =
  'The Southport and Formby Extended Access and Acute Respiratory Infection Hub at Ainsdale Health and Wellbeing Centre';
export const PRESSED = unitOf('guide', {
  kind: 'system',
  name: 'Greater Manchester',
  level: 3,
  score: 64,
  trend: 'rising',
  sentence: 'Callers wait **11 min** against a usual 5, and **147 of 413** practices have no same-day slot left.',
});
const row = (id: string, level: Level | null, score: number | null, text: string, name = id) =>
  unitOf(id, {
    name,
    level,
    score,
    coverage: level === null ? 0.2 : 1,
    sentence: 'Unknown: **1 of 8** indicators report, too few to judge.',
    drivers: text ? [{ indicator: id, points: 3, value: 1, text }] : [],
    trail:
      score === null ? [30, 34, null, null, 40, null] : [score - 30, score - 22, score - 20, null, score - 6, score],
  });
export const WORST = new Map(
  [
    row('Rumworth', 4, 99, 'callers wait **31 min** against a usual 9; same-day slots ran out at **9:12am**'),
    row('Ashton', 3, 74, 'calls **44%** above usual; 62% answered', LONG),
    row('Hyde', 2, 45, '**58** callbacks waiting'),
    row('Oldham North', null, null, ''),
  ].map((unit) => [unit.id, unit] as const),
);

const judged = (label: string, given: Partial<Indicator>): Indicator => ({
  indicator: label,
  label,
  metric: 'calls.longest-wait',
  measure: 'seconds',
  points: 0,
  weight: 3,
  value: null,
  usual: null,
  cutoffs: null,
  direction: 'high',
  absence: null,
  ...given,
});
const WAIT = judged('Longest wait now', { points: 3, value: 1860, usual: 540, cutoffs: [600, 1200, 1800] });
/** A range in each way that a value can stand to it. */
export const RANGES: readonly (readonly [name: string, indicator: Indicator])[] = [
  ['worse', WAIT],
  ['as usual', { ...WAIT, value: 560 }],
  ['held', { ...WAIT, held: true }],
  ['falling', { ...WAIT, measure: 'share', value: 0.1, usual: 0.4, cutoffs: [0.2, 0.08, 0], direction: 'low' }],
  ['absent', { ...WAIT, points: null, value: null, absence: 'unreachable' }],
  ['no cut-offs', { ...WAIT, cutoffs: null }],
];
export const JUDGED = unitOf('Rumworth', {
  level: 4,
  score: 89,
  indicators: [
    WAIT,
    judged('Same-day slots left', {
      ...{ measure: 'share', points: 2, weight: 4, value: 0.1, usual: 0.4 },
      ...{ cutoffs: [0.2, 0.08, 0], direction: 'low' },
    }),
    judged('Callbacks waiting', { measure: 'count', weight: 2, value: 8, usual: 9, cutoffs: [15, 25, 40] }),
    judged('Online requests open over two hours', { points: null, absence: 'unreachable', detail: 'tls-expired' }),
  ],
});

/** Quarter hours of a morning: calm, rising to level 4, and half an hour unknown. */
export const STRIP = `${'.'.repeat(28)}111122233344??433`.padEnd(96, '.');
export const NOW_QUARTER = 43;
export const TRAIL: readonly (number | null)[] = [20, 24, 31, 40, null, null, 58, 66, 71, 74];

const curve = (from: number, to: number, height: number): Point[] => {
  const points: Point[] = [];
  for (let when = from; when <= to; when += QUARTER) {
    const hour = (when - MIDNIGHT) / HOUR;
    points.push([
      when,
      Math.round(height * (Math.exp(-((hour - 8.6) ** 2) / 1.4) + 0.45 * Math.exp(-((hour - 14) ** 2) / 14))),
    ]);
  }
  return points;
};
const measuredCalls = curve(DAY.from, NOW, 480).map(([when, value], index): Point => [
  when,
  index === 5 ? null : value,
]);
const usual = curve(DAY.from, DAY.to, 360);
const ahead = curve(NOW, DAY.to, 450);
const scaled = (points: readonly Point[], by: number): Point[] =>
  points.map(([when, value]) => [when, value === null ? null : value * by]);

export const CALLS = {
  from: DAY.from,
  to: DAY.to,
  now: NOW,
  lines: [{ label: 'calls', points: measuredCalls, width: 2, lastDot: true }],
  usual: { label: 'usual', points: usual, low: scaled(usual, 0.85), high: scaled(usual, 1.15) },
  forecast: {
    label: 'forecast',
    points: ahead,
    low: scaled(ahead, 0.85),
    high: scaled(ahead, 1.18),
    interval: '8 in 10 likely inside',
  },
  thresholds: [{ value: 520, label: 'level 3 from 520' }],
};
const slotHours = (free: number) =>
  Array.from({ length: 12 }, (_gap, index): Point => [MIDNIGHT + (8 + index) * HOUR, (index * 7 + free) % 9]);
export const SLOTS = {
  from: DAY.from,
  to: DAY.to,
  now: NOW,
  barStep: HOUR,
  partial: false,
  bars: [
    { label: 'free', points: slotHours(3), tone: 'capacity' as const },
    { label: 'held', points: slotHours(1), tone: 'held' as const },
    { label: 'booked', points: slotHours(6), tone: 'quiet' as const },
  ],
};
