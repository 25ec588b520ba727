import { HOUR, type EpochMs } from '$shared/model/time';
import type { Change, WhatIfResult } from '$shared/protocol/what-if';
import { atHour, instantOf } from '../format/time.ts';
import { AT } from '../redirections/fixture.ts';
import { MOST_CHANGES } from '../what-if/changes.ts';

const at = (hour: number): string => instantOf(atHour(AT, hour));

export const HUBS = [
  { id: 'bolton', name: 'Bolton Hub (illustrative)' },
  { id: 'ainsdale', name: 'The Southport and Formby Extended Access Hub at Ainsdale Health and Wellbeing Centre' },
];
export const PRACTICES = [
  { id: 'swan-lane', name: 'Swan Lane Medical Centre' },
  { id: 'pikes-lane', name: 'Pikes Lane 1' },
];
/** Whole hours that are left of the day, from 9am. */
export const HOURS: readonly EpochMs[] = Array.from({ length: 11 }, (_gap, index) => atHour(AT, 9) + index * HOUR);

const CLOSED: Change = { what: 'close', hub: 'bolton', from: at(13), to: at(17) };
const EACH: readonly Change[] = [
  CLOSED,
  { what: 'clinician', hub: 'bolton', from: at(10), to: at(13), minutes: 15, channel: 'in-person' },
  { what: 'move', hub: 'ainsdale', from: at(16), to: at(11), slots: 6 },
  { what: 'send', hub: 'bolton', practice: 'swan-lane', slots: 12 },
  { what: 'without', practice: 'pikes-lane' },
];

const practice = (name: string, now: number, then: number): WhatIfResult['practices'][number] => ({
  ...{ practice: name, name, placed: { now, then }, urgent: { now, then } },
});
type Judged = readonly [level: 1 | 2 | 3 | 4 | null, score: number | null];
const effect = (name: string, [b, bs]: Judged, [a, as]: Judged): WhatIfResult['effects'][number] => ({
  ...{ unit: name, name, before: { level: b, score: bs }, after: { level: a, score: as } },
});
const RESULT: WhatIfResult = {
  ...{ at: instantOf(AT), tookMs: 214, gap: 0, warnings: [], hubs: [], flows: [] },
  sentence: 'It would place **97** instead of 91: **4 more urgent**, 2 more who can wait.',
  now: { waiting: { urgent: 84, soon: 41 }, placed: { urgent: 68, soon: 23 }, free: 142, keptBack: 38 },
  then: { waiting: { urgent: 84, soon: 41 }, placed: { urgent: 72, soon: 25 }, free: 154, keptBack: 38 },
  practices: [practice('Swan Lane Medical Centre', 7, 10), practice('Pikes Lane 1', 2, 4)],
  effects: [
    effect('Swan Lane Medical Centre', [4, 91], [3, 74]),
    effect('Bolton Hub (illustrative)', [1, 20], [2, 44]),
  ],
};
const MANY = Array.from({ length: 11 }, (_gap, index) => index + 1);
const LOST: WhatIfResult = {
  ...{ ...RESULT, gap: 0.014 },
  warnings: [
    { change: 0, text: '12 booked or held there would have to move' },
    { change: 0, text: '3 practices have no other hub within reach' },
  ],
  sentence: 'It would place **71** instead of 91: **13 fewer urgent**, 7 fewer who can wait.',
  then: { waiting: { urgent: 84, soon: 41 }, placed: { urgent: 55, soon: 16 }, free: 98, keptBack: 31 },
  practices: MANY.map((index) => practice(`Practice ${index} of Bolton`, 12 - index, index % 4)),
  effects: [
    effect('Halliwell Surgery and Community Diagnostic Centre', [3, 60], [4, 88]),
    effect('Oldham North', [null, null], [null, null]),
    ...MANY.map((index) => effect(`Practice ${index} of Bolton`, [2, 40 + index], [3, 62 + index])),
  ],
};
const SAME: WhatIfResult = {
  ...{ ...RESULT, then: RESULT.now, practices: [], effects: [] },
  sentence: 'It would place as many: **91**.',
};

interface Tried {
  readonly changes: readonly Change[];
  readonly result: WhatIfResult | null;
  readonly failed: string;
  readonly old: boolean;
  readonly blocked: string;
  readonly hours: readonly EpochMs[];
}
const tried = (given: Partial<Tried>): Tried => ({
  ...{ changes: [CLOSED], result: null, failed: '', old: false, blocked: '', hours: HOURS },
  ...given,
});

/** What-if in each of its states. */
export const TRIED: readonly (readonly [name: string, tried: Tried])[] = [
  ['nothing changed', tried({ changes: [] })],
  ['working it out', tried({ old: true })],
  ['worked out', tried({ changes: EACH, result: RESULT })],
  ['something is lost', tried({ result: LOST })],
  ['no difference', tried({ changes: EACH.slice(2, 3), result: SAME })],
  ['working it out again', tried({ changes: EACH, result: RESULT, old: true })],
  [
    'a change that cannot be',
    tried({
      changes: EACH,
      result: RESULT,
      failed: 'Change 3 cannot be: there are fewer than 6 free slots in that hour',
    }),
  ],
  ['not asked', tried({ failed: 'There was no answer: it is asked again by itself' })],
  ['as many as can be', tried({ changes: Array.from({ length: MOST_CHANGES }, () => CLOSED), result: LOST })],
  ['the day is over', tried({ changes: [], hours: [] })],
  ['not live', tried({ blocked: 'Not live since 9:38am' })],
];
