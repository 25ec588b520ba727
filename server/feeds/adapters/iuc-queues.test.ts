import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  overTheWire,
  service,
  siteOf,
  urgentCare,
  feedOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { redact } from '../redact.ts';
import { iucQueues } from './iuc-queues.ts';

const adapter = iucQueues(feedOf('iuc-queues'), TOOLS);

const context = contextOf('iuc-queues', [siteOf('NNF01', 'nhs111'), siteOf('NNF01~ooh', 'out-of-hours')]);

function read(payload: unknown) {
  const result = adapter.read(payload, context, null);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const values = (payload: unknown, site = 'NNF01') =>
  Object.fromEntries(
    read(payload)
      .readings.filter((r) => r.site === site)
      .map((r) => [r.metric, r.value ?? r.detail]),
  );
const oneQueue = (more: object) =>
  urgentCare(service('NNF01', { queues: [{ targetMinutes: 60, waiting: 4, longestWaitMinutes: 30, ...more }] }));

const queueOf = (longestWaitMinutes: number, targetMinutes: unknown) => ({
  waiting: longestWaitMinutes === 0 ? 0 : 1,
  longestWaitMinutes,
  targetMinutes,
});

describe('iuc-queues', () => {
  it('gives window counts, sums and worst cases over the queues, and shifts', () => {
    expect(values(urgentCare(service('NNF01')))).toEqual({
      'iuc.offered': 80,
      'iuc.answered': 72,
      'iuc.abandoned': 6,
      'iuc.answered-in-60s': 51,
      'iuc.waiting': 12,
      'iuc.longest-wait': 300,
      'iuc.queue-overrun': 1.25,
      'iuc.overrun-target': 60,
      'iuc.shifts-planned': 12,
      'iuc.shifts-filled': 10,
    });
  });

  it.each<[string, readonly object[], number | string | null]>([
    ['the first of those that are equally late', [queueOf(30, 60), queueOf(60, 120)], 60],
    ['the one whose wait is longest against its own target', [queueOf(90, 60), queueOf(100, 360)], 60],
    ['any where nobody waits', [queueOf(0, 60), queueOf(0, 360)], 60],
    ['none where no queue has a target', [{ waiting: 1, longestWaitMinutes: 5 }], 'missing-field'],
    ['none where one queue leaves its wait out', [queueOf(90, 60), { waiting: 1, targetMinutes: 60 }], 'missing-field'],
    ['none where a target is no number', [queueOf(90, 60), queueOf(5, 'soon')], 'invalid'],
  ])('names the target of the worst queue: %s', (_, queues, expected) => {
    const found = values(urgentCare(service('NNF01', { queues })))['iuc.overrun-target'];
    expect(found).toEqual(expected);
  });

  it('tells two services with one code apart by the unit id', () => {
    const payload = urgentCare(service('NNF01'), service('NNF01~ooh', { shifts: { planned: 3, filled: 1 } }));
    expect(values(payload, 'NNF01~ooh')['iuc.shifts-planned']).toBe(3);
    expect(values(payload)['iuc.shifts-planned']).toBe(12);
  });

  it('says missing-site for a service that is left out', () => {
    expect(new Set(Object.values(values(urgentCare(service('NNF01')), 'NNF01~ooh')))).toEqual(
      new Set(['missing-site']),
    );
  });

  it('takes no queue at all as nobody waiting, and nothing to overrun', () => {
    expect(values(urgentCare(service('NNF01', { queues: [] })))).toMatchObject({
      'iuc.waiting': 0,
      'iuc.longest-wait': 0,
      'iuc.queue-overrun': 'missing-field',
    });
  });

  it('says nothing of the whole when one queue does not report, rather than too little', () => {
    const queues = [{ targetMinutes: 60, waiting: 4, longestWaitMinutes: 30 }, { targetMinutes: 60 }];
    expect(values(urgentCare(service('NNF01', { queues })))).toMatchObject({
      'iuc.waiting': 'missing-field',
      'iuc.longest-wait': 'missing-field',
      'iuc.queue-overrun': 'missing-field',
    });
  });

  it('reads an empty queue without a longest wait as no wait', () => {
    expect(values(oneQueue({ waiting: 0, longestWaitMinutes: null }))).toMatchObject({
      'iuc.longest-wait': 0,
      'iuc.queue-overrun': 0,
    });
  });

  it.each([
    ['a negative count', { waiting: -1 }, '/services/0/queues/0/waiting', 'iuc.waiting'],
    ['a wait as text', { longestWaitMinutes: '30' }, '/services/0/queues/0/longestWaitMinutes', 'iuc.longest-wait'],
    ['a target as text', { targetMinutes: 'soon' }, '/services/0/queues/0/targetMinutes', 'iuc.queue-overrun'],
  ])('refuses %s with its place', (_, wrong, place, metric) => {
    expect(read(oneQueue(wrong)).rejected.map((r) => r.place)).toEqual([place]);
    expect(values(oneQueue(wrong))[metric]).toBe('invalid');
    expect(values(oneQueue(wrong))['iuc.offered']).toBe(80);
  });

  it.each([
    [{ queues: 'none' }, '/services/0/queues'],
    [{ queues: ['x'] }, '/services/0/queues/0'],
    [{ last15Minutes: 3 }, '/services/0/last15Minutes'],
    [{ shifts: { planned: 1.5 } }, '/services/0/shifts/planned'],
  ])('refuses a part that is %j and takes the others', (wrong, place) => {
    expect(read(urgentCare(service('NNF01', wrong))).rejected.map((r) => r.place)).toEqual([place]);
  });

  it.each([
    ['a count below nothing', { last15Minutes: { offered: -1 } }, '/services/0/last15Minutes/offered', 'iuc.offered'],
    ['half a call', { last15Minutes: { answered: 1.5 } }, '/services/0/last15Minutes/answered', 'iuc.answered'],
    ['a count as text', { last15Minutes: { abandoned: '6' } }, '/services/0/last15Minutes/abandoned', 'iuc.abandoned'],
    [
      'the null mark of the published tables',
      { last15Minutes: { offered: '-' } },
      '/services/0/last15Minutes/offered',
      'iuc.offered',
    ],
    ['their other mark', { last15Minutes: { offered: '*' } }, '/services/0/last15Minutes/offered', 'iuc.offered'],
    ['true for a count', { shifts: { filled: true, planned: 3 } }, '/services/0/shifts/filled', 'iuc.shifts-filled'],
    ['a list for a count', { shifts: { planned: [3] } }, '/services/0/shifts/planned', 'iuc.shifts-planned'],
    ['a count beyond all numbers', { shifts: { planned: 1e300 } }, '/services/0/shifts/planned', 'iuc.shifts-planned'],
    ['a window as a list', { last15Minutes: [80] }, '/services/0/last15Minutes', 'iuc.offered'],
    ['shifts as text', { shifts: 'all' }, '/services/0/shifts', 'iuc.shifts-filled'],
    ['queues as an object', { queues: {} }, '/services/0/queues', 'iuc.waiting'],
    ['a queue as a list', { queues: [[]] }, '/services/0/queues/0', 'iuc.waiting'],
    ['a queue that is null', { queues: [null] }, '/services/0/queues/0', 'iuc.longest-wait'],
  ])('refuses %s, says rejected and never zero', (_, wrong, place, metric) => {
    const { rejected, readings } = read(urgentCare(service('NNF01', wrong), service('NNF01~ooh')));
    expect(rejected.map((r) => r.place)).toEqual([place]);
    expect(readings.find((r) => r.site === 'NNF01' && r.metric === metric)).toMatchObject({
      value: null,
      absence: 'rejected',
    });
    expect(readings.filter((r) => r.site === 'NNF01~ooh' && r.value === null)).toEqual([]);
  });

  it.each([
    ['an unknown code', service('X99999'), '/services/1/odsCode'],
    ['no code', { shifts: { planned: 3 } }, '/services/1'],
    ['a number for a code', { odsCode: 111 }, '/services/1/odsCode'],
    ['an empty code', service(''), '/services/1/odsCode'],
    ['null', null, '/services/1'],
    ['text', 'NNF01', '/services/1'],
    ['the same service again', service('NNF01', { shifts: { planned: 99, filled: 99 } }), '/services/1/odsCode'],
  ])('refuses a record that is %s and keeps the good one', (_, record, place) => {
    const payload = urgentCare(service('NNF01'), record);
    expect(read(payload).rejected.map((r) => r.place)).toEqual([place]);
    expect(values(payload)['iuc.shifts-planned']).toBe(12);
  });

  it('gives the same again from its redacted copy, with nobody in it', () => {
    const payload = urgentCare(
      service('NNF01', { note: CANARY_TEXT, queues: [{ name: CANARY_TEXT, waiting: 4, longestWaitMinutes: 9 }] }),
      service('NNF01~ooh'),
    );
    const copy = redact(overTheWire(payload), adapter.redaction);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(copy)).not.toContain(word);
    expect(read(copy).readings).toEqual(read(payload).readings);
  });

  it.each([[null], [[]], [{}], [{ services: {} }], ['x']])('says invalid for a document that is %j', (payload) => {
    expect(adapter.read(payload, context, null)).toMatchObject({ ok: false, state: 'invalid' });
  });

  it('lets no person through, from any field', () => {
    const queues = [{ name: CANARY_TEXT, waiting: CANARY_TEXT, next: { patient: CANARY.nhsNumber } }];
    const payload = urgentCare(service('NNF01', { queues, note: CANARY_TEXT }), service(CANARY.phone), CANARY_TEXT);
    const said = JSON.stringify(read(payload));
    for (const word of Object.values(CANARY)) expect(said).not.toContain(word);
  });
});
