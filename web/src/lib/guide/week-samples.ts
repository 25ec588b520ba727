import type { Unit } from '$shared/model/unit';
import type { Scorecard, ScoreLine } from '$shared/protocol/scorecard';
import { weekBar, type WeekBar } from '../hubs/week.ts';
import { lineOf } from '../week/fixture.ts';

const AGREED = 60;
const UNEVEN = { need: 212, met: 0.61, mostDeprived: 0.48, leastDeprived: 0.72, unevenness: 0.14 };
const TOLD: Partial<ScoreLine> = {
  ...{ offered: 96, accepted: 71, held: 71, booked: 58, attended: 44, attendedOf: 52, returned: 13, lapsed: 19 },
  ...{ refused: { 'too-far': 4, 'hub-needed': 2 }, minutes: 870, minutesPer1000: 21.4 },
  ...{ hubs: { count: 1, minutes: 1240, minutesPer1000: 30.5 }, km: 2.6, remoteShare: 0.12, minutesToDecide: 6 },
  ...{ fairness: UNEVEN, pressure: { with: 61, without: 74, looks: 40 } },
};
/** Held by telephone at a hub whose system tells nothing. */
const UNTOLD: Partial<ScoreLine> = {
  ...{ offered: 24, accepted: 18, held: 18, booked: null, notTold: 18, attended: null, attendedOf: 0, returned: null },
  ...{ minutes: null, minutesPer1000: null, hubs: { count: 2, minutes: null, minutesPer1000: null } },
  ...{ minutesToDecide: 11, fairness: { ...UNEVEN, need: 31, met: null, mostDeprived: null, leastDeprived: null } },
};
const LOST: Partial<ScoreLine> = {
  ...{ offered: 40, lapsed: 31, refused: { 'not-suitable': 9 }, minutesToDecide: 94 },
  fairness: { ...UNEVEN, need: 44, met: 0, mostDeprived: 0, leastDeprived: 0, unevenness: 0 },
};
const place = (unit: string, given: Partial<ScoreLine>) => lineOf(unit, 'guide', { kind: 'place', depth: 1, ...given });
const LINES: readonly ScoreLine[] = [
  lineOf('guide', null, {
    ...{ ...TOLD, name: 'Greater Manchester', kind: 'system', depth: 0, offered: 1480, accepted: 1104, held: 1104 },
    ...{ booked: 902, notTold: 18, attended: 744, attendedOf: 820, returned: 184, lapsed: 303, hubs: null },
  }),
  place('Bolton', { ...TOLD, offered: 120, accepted: 89, held: 89, notTold: 18 }),
  lineOf('Rumworth', 'Bolton', TOLD),
  lineOf('Breightmet', 'Bolton', UNTOLD),
  lineOf('Turton', 'Bolton'),
  lineOf('Horwich', 'Bolton'),
  place('Oldham', LOST),
  lineOf('Oldham North', 'Oldham', LOST),
];
export const CARD: Scorecard = {
  ...{ week: '2026-W03', from: '2026-01-12T00:00:00Z', to: '2026-01-19T00:00:00Z', hours: 168 },
  ...{ at: '2026-01-16T09:42:00Z', current: true, simulated: true, agreed: AGREED, unit: 'guide' },
  ...{ previous: '2026-W02', next: null, lines: [...LINES] },
};

/** Minutes for each 1,000 people, in each way that they can stand to what is agreed. */
export const MINUTES: readonly (readonly [name: string, minutes: number | null])[] = [
  ['some', 21.4],
  ['none', 0],
  ['nearly none', 0.1],
  ['more than agreed', 81],
  ['unknown', null],
];
export const SLOTS: readonly (readonly [name: string, line: ScoreLine])[] = [
  ['attended', lineOf('told', null, TOLD)],
  ['not told', lineOf('untold', null, UNTOLD)],
  ['partly told', lineOf('part', null, { ...TOLD, booked: 30, notTold: 28, attended: 21, attendedOf: 24 })],
  ['unanswered', lineOf('lapsed', null, { offered: 60, lapsed: 60 })],
  ['nothing offered', lineOf('none', null)],
];

const observedAt = '2026-01-12T09:41:00.000Z';
const barOf = (offered: number | null, booked: number, served: number | null, coverage?: number): WeekBar | null => {
  const metrics: Unit['metrics'] = {
    'access.offered-per-1000': {
      ...{ value: offered, absence: offered === null ? 'not-reported' : null, observedAt },
      ...(coverage === undefined ? {} : { estimated: true, coverage }),
    },
    'access.booked-per-1000': { value: booked, absence: null, observedAt },
  };
  return weekBar(metrics, AGREED, served);
};
/** A hub's week. */
export const WEEKS: readonly (readonly [name: string, week: WeekBar | null])[] = [
  ['met', barOf(64.2, 31, 30_000)],
  ['nearly met', barOf(59.8, 40, 30_000)],
  ['short', barOf(41.4, 22.5, 30_000)],
  ['days not known yet', barOf(52, 20, 30_000, 0.6)],
  ['nobody knows how many it serves', barOf(41.4, 22.5, null)],
  ['nothing', barOf(0, 0, 30_000)],
  ['unknown', barOf(null, 0, 30_000)],
];
