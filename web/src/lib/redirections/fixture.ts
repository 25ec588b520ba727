import type { Redirection, Share } from '$shared/protocol/redirections';
import { HOUR, MINUTE } from '$shared/model/time';

/** Made up: a winter Monday, 9:42am. For tests and the style guide. */
export const AT = Date.parse('2026-01-12T09:42:00Z');
const instant = (ms: number) => new Date(ms).toISOString();

const share = (practice: string, name: string, slots: number, urgent: number, soon = 0): Share => ({
  ...{ practice, name, slots, placed: { urgent: Math.min(slots, urgent), soon: Math.max(0, slots - urgent) } },
  ...{ waiting: { urgent, soon }, km: 2.1, booked: null, acknowledged: null },
});

const SHARES = [
  share('swan-lane', 'Swan Lane Medical Centre', 7, 6, 3),
  share('st-helens', 'St Helens Road Practice', 4, 3, 2),
  share('pikes-lane', 'Pikes Lane 1', 2, 2, 1),
];

/** A proposal of 13 slots, with what differs. */
export function redirectionOf(given: Partial<Redirection> = {}): Redirection {
  return {
    ...{ id: 'r1', revision: 1, state: 'proposed', rank: 1, hub: 'hub', hubName: 'Bolton Hub' },
    ...{ unit: 'rumworth', unitName: 'Rumworth', slots: 13, from: AT + 78 * MINUTE, to: AT + 258 * MINUTE, km: 2.1 },
    ...{ placed: { urgent: 11, soon: 2 }, waiting: { urgent: 12, soon: 7 } },
    sentence: '**13 of 19** who wait at Rumworth would be placed at Bolton Hub.',
    ...{ fit: 'GP and nurse, face to face, all ages. Not for repeat prescriptions.', borrowed: false },
    effects: {
      unit: effect('rumworth', 'Rumworth', [4, 99], [3, 74]),
      hub: effect('hub', 'Bolton Hub', [1, 20], [2, 41]),
      practices: [
        effect('swan-lane', 'Swan Lane Medical Centre', [4, 97], [2, 55]),
        effect('pikes-lane', 'Pikes Lane 1', [3, 70], [3, 66]),
      ],
    },
    ...{ taken: { before: 0.77, after: 0.9 }, spare: 4, shares: SHARES },
    offered: [
      slot(AT + 78 * MINUTE, 7, 'swan-lane'),
      slot(AT + 2 * HOUR, 4, 'st-helens'),
      slot(AT + 3 * HOUR, 2, 'pikes-lane'),
    ],
    ...{ instruction: { way: 'written' }, proposedAt: instant(AT - MINUTE), answerBy: instant(AT + 19 * MINUTE) },
    ...{ heldUntil: instant(AT + 63 * MINUTE), decidedBy: null, decidedAt: null, undoUntil: null, refusal: null },
    ...{ keptUntil: null, outcome: null, result: '', lastTime: null, followed: null, trouble: '', steps: [] },
    ...given,
  };
}

type Judged = readonly [level: 1 | 2 | 3 | 4, score: number];
const effect = (unit: string, name: string, [b, bs]: Judged, [a, as]: Judged) => ({
  ...{ unit, name, before: { level: b, score: bs }, after: { level: a, score: as } },
});
const slot = (start: number, count: number, practice: string): Redirection['offered'][number] => ({
  ...{ start, minutes: 15, channel: 'in-person', role: 'R0260', service: null, count, practice, booked: null },
});

const decided = (minutesAgo: number): Partial<Redirection> => ({
  ...{ rank: null, answerBy: null, decidedBy: 'Network lead', decidedAt: instant(AT - minutesAgo * MINUTE) },
});
const ended = (state: Redirection['state'], given: Partial<Redirection> = {}): Redirection =>
  redirectionOf({
    ...{ ...decided(50), id: state, state, heldUntil: instant(AT - 2 * MINUTE) },
    steps: [{ at: instant(AT - 2 * MINUTE), by: 'Headroom', what: state, text: state }],
    ...given,
  });
const BOOKED = { booked: 6, returned: 0, notAttended: null };

/** Each state that a row can be in, by its name. */
export const EACH_STATE: readonly (readonly [name: string, redirection: Redirection])[] = [
  ['proposed', redirectionOf({ id: 'proposed', rank: 2 })],
  [
    'offered before',
    redirectionOf({
      ...{ id: 'before', rank: 3 },
      lastTime: {
        at: instant(AT - 72 * HOUR),
        text: '8 of 10 booked, 7 came. Pressure at Swan Lane Medical Centre 61; without it 74 (estimated).',
      },
    }),
  ],
  ['holding', redirectionOf({ ...decided(0), id: 'holding', state: 'holding' })],
  [
    'held',
    redirectionOf({
      ...{ ...decided(20), id: 'held', state: 'held', heldUntil: instant(AT + 38 * MINUTE) },
      keptUntil: instant(AT + 68 * MINUTE),
      outcome: { booked: 3, returned: 0, notAttended: null },
    }),
  ],
  [
    'last 5 minutes',
    redirectionOf({
      ...{ ...decided(57), id: 'last', state: 'held', heldUntil: instant(AT + 4 * MINUTE) },
      outcome: { booked: 9, returned: 0, notAttended: null },
    }),
  ],
  [
    'by telephone',
    redirectionOf({
      ...{ ...decided(5), id: 'telephone', state: 'held' },
      outcome: { booked: null, returned: 0, notAttended: null },
      instruction: {
        ...{ way: 'by-telephone', telephone: '01632 960 123' },
        text: 'Ring the hub and have 13 slots set aside for Rumworth, 11am to 2pm.',
      },
    }),
  ],
  [
    'in trouble',
    redirectionOf({
      ...decided(1),
      id: 'trouble',
      state: 'held',
      trouble: 'The hub does not answer; it is asked again',
    }),
  ],
  [
    'fulfilled',
    ended('fulfilled', { outcome: BOOKED, slots: 6, result: 'It worked: callbacks fell from 22 to 15 in 20 min.' }),
  ],
  [
    'not told',
    ended('expired', {
      outcome: { booked: null, returned: null, notAttended: null },
      result: '13 were held; nobody has told how many were booked.',
      instruction: { way: 'by-telephone', telephone: '01632 960 123', text: '' },
    }),
  ],
  ['expired', ended('expired', { outcome: { booked: 0, returned: 13, notAttended: null } })],
  ['released', ended('released')],
  ['refused', ended('refused', { refusal: 'too-far' })],
  ['failed', ended('failed', { result: 'The hub would not hold them: its system said no.' })],
  ['withdrawn', redirectionOf({ id: 'withdrawn', state: 'withdrawn' })],
];
