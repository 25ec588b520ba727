import { expect, it } from 'vitest';
import { testRules } from '../../board/fixture.ts';
import { toPointer } from '../schema-faults.ts';
import { checkRules } from './check.ts';

type Spoil = (rules: Record<string, unknown> & { indicators: Record<string, unknown>[] }) => void;
const first = (change: Record<string, unknown>): Spoil => {
  return (rules) => Object.assign(rules.indicators[0] ?? {}, change);
};
const whole = (change: Record<string, unknown>): Spoil => {
  return (rules) => Object.assign(rules, change);
};
const escalator = (change: Record<string, unknown>): Spoil =>
  whole({ escalators: [{ indicator: 'wait', points: 3, level: 3, reason: 'far too long', ...change }] });
const hysteresis = (change: Record<string, unknown>): Spoil =>
  whole({ hysteresis: { riseAfter: 2, fallMargin: 4, fallAfterMinutes: 15, ...change } });
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

function faultsOf(spoil: Spoil): string[] {
  const rules = structuredClone(testRules()) as unknown as Parameters<Spoil>[0];
  spoil(rules);
  return checkRules(JSON.parse(JSON.stringify(rules))).faults.map(
    ({ path, message }) => `${toPointer(path)}: ${message}`,
  );
}

it.each<[string, Spoil, string]>([
  ['a missing part', (rules) => delete rules['levels'], ': the rules: "levels" is missing'],
  ['a part nobody knows', whole({ colour: 'red' }), '/colour: colour is not a known setting'],
  ['a version that is no number', whole({ version: 'two' }), '/version: version must be integer'],
  ['a version below one', whole({ version: 0 }), '/version: version must be >= 1'],
  ['no reason', whole({ reason: '' }), '/reason: reason must not have fewer than 1 characters'],
  ['a reason with control characters', whole({ reason: 'a\0b' }), '/reason: reason holds characters that are no text'],
  ['half a character', whole({ reason: 'a\uD800' }), '/reason: reason holds characters that are no text'],
  ['an endless reason', whole({ reason: 'x'.repeat(501) }), '/reason: reason is longer than 500 characters'],
  ['a day that never was', whole({ published: '2026-02-30' }), '/published: published "2026-02-30" is not a date'],
  ['levels that do not rise', whole({ levels: [30, 20, 80] }), '/levels: levels 30, 20, 80 must rise'],
  ['levels alike', whole({ levels: [30, 30, 80] }), '/levels: levels 30, 30, 80 must rise'],
  ['a level from the start', whole({ levels: [0, 30, 80] }), '/levels: levels 0, 30, 80 must rise, between 0 and 100'],
  ['a level beyond the top', whole({ levels: [30, 50, 101] }), '/levels: levels 30, 50, 101 must rise'],
  ['two levels only', whole({ levels: [30, 50] }), '/levels: levels must not have fewer than 3 items'],
  ['a coverage above one', whole({ minimumCoverage: 1.5 }), '/minimumCoverage: minimumCoverage must be <= 1'],
  ['a coverage below nothing', whole({ minimumCoverage: -0.1 }), '/minimumCoverage: minimumCoverage must be >= 0'],
  ['rises without a reading', hysteresis({ riseAfter: 0 }), '/hysteresis/riseAfter: hysteresis.riseAfter must be >= 1'],
  ['half a reading', hysteresis({ riseAfter: 1.5 }), '/hysteresis/riseAfter: hysteresis.riseAfter must be integer'],
  ['rises that never come', hysteresis({ riseAfter: 61 }), '/hysteresis/riseAfter: riseAfter 61 is above 60'],
  ['a margin beyond any score', hysteresis({ fallMargin: 101 }), '/hysteresis/fallMargin: fallMargin 101 is above 100'],
  ['a wait below nothing', hysteresis({ fallAfterMinutes: -1 }), '/hysteresis/fallAfterMinutes: hysteresis.fallAfter'],
  ['a third setting', hysteresis({ hurry: true }), '/hysteresis/hurry: hysteresis.hurry is not a known setting'],
  ['an uplift beyond any score', whole({ uplift: 101 }), '/uplift: uplift must be <= 100'],
  [
    'a group worse than its parts',
    whole({ concentrated: { part: 3, least: 4 } }),
    '/concentrated/least: concentrated: least 4',
  ],
  ['no indicator', whole({ indicators: [] }), '/indicators: indicators must not have fewer than 1 items'],
  [
    'more indicators than anybody can follow',
    (rules) => Object.assign(rules, { indicators: many(81, (i) => ({ ...rules.indicators[0], id: `i${i}` })) }),
    '/indicators: more than 80 indicators',
  ],
  ['an indicator twice', first({ id: 'wait' }), '/indicators/1/id: indicator "wait" is there twice'],
  ['an id with a blank', first({ id: 'a b' }), '/indicators/0/id: indicators.0.id must match pattern'],
  ['no name', first({ label: '' }), '/indicators/0/label: indicators.0.label must not have fewer than 1 characters'],
  ['a name too long for a table', first({ label: 'x'.repeat(81) }), '/indicators/0/label: label is longer than 80'],
  [
    'a metric nobody has',
    first({ metric: 'calls.mood' }),
    '/indicators/0/metric: indicator "slots": metric "calls.mood"',
  ],
  ['a metric of another kind', first({ siteKinds: ['nhs111'] }), '/indicators/0/siteKinds: indicator "slots": metric'],
  ['a kind nobody knows', first({ siteKinds: ['spa'] }), '/indicators/0/siteKinds/0: indicators.0.siteKinds.0 must be'],
  ['no kind of site', first({ siteKinds: [] }), '/indicators/0/siteKinds: indicators.0.siteKinds must not have fewer'],
  ['a kind twice', first({ siteKinds: ['hub', 'hub'] }), '/indicators/0/siteKinds: indicator "slots": a kind of site'],
  [
    'no direction',
    first({ direction: 'sideways' }),
    '/indicators/0/direction: indicators.0.direction must be "high" or',
  ],
  ['no measure to go by', first({ against: 'luck' }), '/indicators/0/against: indicators.0.against must be "absolute"'],
  [
    'cut-offs the wrong way round',
    first({ cutoffs: [0, 0.1, 0.2] }),
    '/indicators/0/cutoffs: indicator "slots": cutoffs',
  ],
  [
    'a cut-off that is no number',
    first({ cutoffs: [0.2, null, 0] }),
    '/indicators/0/cutoffs/1: indicators.0.cutoffs.1',
  ],
  ['a cut-off without end', first({ cutoffs: [2e9, 1, 0] }), '/indicators/0/cutoffs: indicator "slots": a cut-off is'],
  ['no weight', first({ weight: 0 }), '/indicators/0/weight: indicators.0.weight must be > 0'],
  ['a weight that drowns the rest', first({ weight: 1e6 }), '/indicators/0/weight: indicator "slots": weight 1000000'],
  [
    'a base below nothing',
    first({ minimumBase: -1 }),
    '/indicators/0/minimumBase: indicators.0.minimumBase must be >= 0',
  ],
  ['a base nobody reaches', first({ minimumBase: 1e9 }), '/indicators/0/minimumBase: indicator "slots": minimumBase'],
  [
    'a phrase nobody can fill',
    first({ sentence: 'wait {hours}' }),
    '/indicators/0/sentence: indicator "slots": sentence',
  ],
  ['a phrase over two lines', first({ sentence: 'a\nb' }), '/indicators/0/sentence: sentence holds characters'],
  [
    'five words for a wall',
    first({ brief: 'one two three four five' }),
    '/indicators/0/brief: indicator "slots": brief "one',
  ],
  [
    'an hour that is none',
    first({ from: '25:00' }),
    '/indicators/0/from: indicator "slots": from "25:00" is not a time',
  ],
  ['a time without minutes', first({ from: '8' }), '/indicators/0/from: indicators.0.from must match pattern'],
  [
    'an end before its beginning',
    first({ from: '12:00', to: '08:00' }),
    '/indicators/0/to: indicator "slots": to 08:00',
  ],
  ['an escalator of nothing', escalator({ indicator: 'mood' }), '/escalators/0/indicator: escalator names "mood"'],
  ['an escalator without points', escalator({ points: 0 }), '/escalators/0/points: escalators.0.points must be >= 1'],
  ['a fifth level', escalator({ level: 5 }), '/escalators/0/level: escalators.0.level must be 1 or 2 or 3 or 4'],
  ['an escalator that says nothing readable', escalator({ reason: '\u0007' }), '/escalators/0/reason: reason holds'],
])('%s is a fault with its path', (_, spoil, says) => {
  expect(faultsOf(spoil)).toContainEqual(expect.stringContaining(says) as string);
});

it.each<[string, unknown]>([
  ['nothing', null],
  ['a text', 'rules'],
  ['a list', [testRules()]],
  ['a number', 4],
])('%s is no rules, and says so of the whole', (_, input) => {
  expect(checkRules(input)).toMatchObject({
    rules: null,
    faults: [{ path: [], message: /^the rules must be object/ }],
  });
});

it('names every fault at once', () => {
  const faults = faultsOf((rules) => {
    whole({ levels: [3, 2, 1] })(rules);
    first({ metric: 'nothing', from: '99:99' })(rules);
  });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['/levels', '/indicators/0/metric', '/indicators/0/from']);
});

it('takes good rules as they are', () => {
  const rules = testRules();
  expect(checkRules(rules)).toEqual({ rules, faults: [] });
});
