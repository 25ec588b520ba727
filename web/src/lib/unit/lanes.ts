import type { MetricName } from '$shared/model/metrics';
import type { Unit } from '$shared/model/unit';
import type { Tone } from '../chart/types.ts';

/** A metric drawn in a lane. */
export interface LaneSeries {
  readonly metric: MetricName;
  readonly label: string;
  readonly tone: Tone;
}

/** One band of the day panel. `hours` draws the unit's bookable hours and needs no history. */
export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly form: 'bars' | 'line' | 'hours';
  /** What its values count, in words, for files. */
  readonly measure: string;
  readonly series: readonly LaneSeries[];
  /** Metric whose own normal is drawn behind. */
  readonly usual: MetricName | null;
  /** Share of the height among the lanes. */
  readonly weight: number;
}

const CALLS: Lane = {
  id: 'calls',
  title: 'Calls',
  form: 'bars',
  measure: 'calls a quarter hour',
  series: [
    { metric: 'calls.answered', label: 'answered live', tone: 'quiet' },
    { metric: 'callbacks.requested', label: 'asked for a callback', tone: 'hatch' },
    { metric: 'calls.ended-in-ivr', label: 'ended in the menu', tone: 'hollow' },
    { metric: 'calls.missed', label: 'missed', tone: 'ink' },
  ],
  usual: 'calls.inbound',
  weight: 5,
};
const CALLBACKS: Lane = {
  id: 'callbacks',
  title: 'Callbacks waiting',
  form: 'line',
  measure: 'callbacks',
  series: [{ metric: 'callbacks.waiting', label: 'Callbacks waiting', tone: 'ink' }],
  usual: 'callbacks.waiting',
  weight: 2,
};
const SLOTS: Lane = {
  id: 'slots',
  title: 'Same-day slots left',
  form: 'line',
  measure: 'slots',
  series: [{ metric: 'slots.free', label: 'Slots left', tone: 'ink' }],
  usual: 'slots.free',
  weight: 3.4,
};
const HOURS: Lane = {
  id: 'hours',
  title: 'Bookable by hour',
  form: 'hours',
  measure: 'slots an hour',
  series: [],
  usual: null,
  weight: 4,
};
const CASES: readonly Lane[] = [
  {
    id: 'offered',
    title: 'Calls a quarter hour',
    form: 'line',
    measure: 'calls a quarter hour',
    series: [
      { metric: 'iuc.offered', label: 'offered', tone: 'ink' },
      { metric: 'iuc.answered', label: 'answered', tone: 'ink-3' },
    ],
    usual: 'iuc.offered',
    weight: 3,
  },
  {
    id: 'cases',
    title: 'Cases waiting',
    form: 'line',
    measure: 'cases',
    series: [{ metric: 'iuc.waiting', label: 'Cases waiting', tone: 'ink' }],
    usual: 'iuc.waiting',
    weight: 2.4,
  },
  {
    id: 'case-wait',
    title: 'Longest case wait',
    form: 'line',
    measure: 'seconds',
    series: [{ metric: 'iuc.longest-wait', label: 'Longest wait', tone: 'ink' }],
    usual: null,
    weight: 2,
  },
];

/** What a unit's day is drawn as; only what its kind reports. `bookable`: hours of slots are known for a group. */
export function lanesOf(unit: Pick<Unit, 'kind' | 'siteKind'> & { bookable: boolean }): readonly Lane[] {
  if (unit.kind !== 'site') {
    const hub: Lane = { ...HOURS, id: 'hub-hours', title: 'Hub slots by hour', weight: 2.4 };
    return unit.bookable ? [CALLS, CALLBACKS, SLOTS, hub] : [CALLS, CALLBACKS, SLOTS];
  }
  switch (unit.siteKind) {
    case 'practice':
      return [CALLS, CALLBACKS, SLOTS];
    case 'nhs111':
    case 'out-of-hours':
      return CASES;
    case 'pharmacy':
    case null:
      return [];
    default:
      return [HOURS, { ...SLOTS, title: 'Slots left today', weight: 3 }];
  }
}
