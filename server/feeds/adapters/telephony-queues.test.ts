import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  NOW,
  queue,
  siteOf,
  telephony,
  feedOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { telephonyQueues } from './telephony-queues.ts';

const adapter = telephonyQueues(feedOf('telephony-queues'), TOOLS);

const sites = [siteOf('P81001'), siteOf('P81002')];
const context = contextOf('telephony-queues', sites);

function read(payload: unknown) {
  const result = adapter.read(payload, context, null);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const valueOf = (payload: unknown, site: string, metric: string) =>
  read(payload).readings.find((r) => r.site === site && r.metric === metric);

describe('telephony-queues', () => {
  it('gives every field of a full record as published, counters raw', () => {
    const { readings, observedAt, rejected } = read(telephony(queue('P81001'), queue('P81002')));
    expect(rejected).toEqual([]);
    expect(observedAt).toBe(NOW - 10_000);
    expect(Object.fromEntries(readings.filter((r) => r.site === 'P81001').map((r) => [r.metric, r.value]))).toEqual({
      'calls.waiting': 7,
      'calls.longest-wait': 412,
      'calls.handlers-on-call': 4,
      'calls.handlers-free': 0,
      'callbacks.waiting': 3,
      'callbacks.oldest': 1260,
      'calls.inbound': 131,
      'calls.ended-in-ivr': 21,
      'calls.answered': 74,
      'calls.answered-in-2-min': 30,
      'calls.missed': 18,
      'callbacks.requested': 11,
      'callbacks.made': 8,
    });
  });

  it.each([
    ['missing', queue('P81001', { waiting: undefined })],
    ['null', queue('P81001', { waiting: null })],
  ])('says not-reported, never zero, for a field that is %s', (_, record) => {
    expect(valueOf(telephony(record), 'P81001', 'calls.waiting')).toEqual({
      site: 'P81001',
      metric: 'calls.waiting',
      value: null,
      absence: 'not-reported',
      detail: 'missing-field',
    });
  });

  it('says missing-site for every metric of a practice that the document leaves out', () => {
    const readings = read(telephony(queue('P81001'))).readings.filter((r) => r.site === 'P81002');
    expect(readings).toHaveLength(13);
    expect(new Set(readings.map((r) => `${r.value} ${r.absence} ${r.detail}`))).toEqual(
      new Set(['null not-reported missing-site']),
    );
  });

  it.each([
    ['negative', { waiting: -1 }, '/queues/0/waiting', 'calls.waiting'],
    ['a fraction', { waiting: 1.5 }, '/queues/0/waiting', 'calls.waiting'],
    ['text', { handlersFree: '3' }, '/queues/0/handlersFree', 'calls.handlers-free'],
    ['true', { callbacksWaiting: true }, '/queues/0/callbacksWaiting', 'callbacks.waiting'],
    ['too large to be exact', { waiting: 1e300 }, '/queues/0/waiting', 'calls.waiting'],
    ['a negative wait', { longestWaitSeconds: -3 }, '/queues/0/longestWaitSeconds', 'calls.longest-wait'],
    ['a counter as text', { sinceMidnight: { inbound: '9' } }, '/queues/0/sinceMidnight/inbound', 'calls.inbound'],
    ['counters as a list', { sinceMidnight: [] }, '/queues/0/sinceMidnight', 'calls.inbound'],
  ])('refuses one field that is %s, with its place, and takes the rest', (_, wrong, place, metric) => {
    const payload = telephony(queue('P81001', wrong), queue('P81002'));
    const result = read(payload);
    expect(result.rejected.map((r) => r.place)).toEqual([place]);
    expect(result.rejectedCount).toBe(1);
    expect(valueOf(payload, 'P81001', metric)).toMatchObject({ value: null, absence: 'rejected' });
    expect(valueOf(payload, 'P81002', metric)?.value).not.toBeNull();
  });

  it.each([
    ['an unknown code', queue('X99999'), '/queues/1/odsCode'],
    ['no code', { waiting: 4 }, '/queues/1'],
    ['a number for a code', { odsCode: 81001 }, '/queues/1/odsCode'],
    ['null', null, '/queues/1'],
    ['text', 'P81001', '/queues/1'],
    ['the same practice again', queue('P81001', { waiting: 99 }), '/queues/1/odsCode'],
  ])('refuses a record that is %s and keeps the good one', (_, record, place) => {
    const payload = telephony(queue('P81001'), record);
    expect(read(payload).rejected.map((r) => r.place)).toEqual([place]);
    expect(valueOf(payload, 'P81001', 'calls.waiting')?.value).toBe(7);
  });

  it('finds a practice by its code with stray blanks', () => {
    expect(valueOf(telephony(queue(' P81001  ')), 'P81001', 'calls.waiting')?.value).toBe(7);
  });

  it.each([[null], [[]], ['text'], [{}], [{ queues: {} }], [{ queues: null }], [42]])(
    'says invalid for a document that is %j',
    (payload) => {
      expect(adapter.read(payload, context, null)).toMatchObject({ ok: false, state: 'invalid' });
    },
  );

  it.each([
    ['missing', undefined, 0],
    ['no time', 'this morning', 1],
    ['without an offset', '2026-09-14T08:29:50', 1],
    ['an hour ahead', '2026-09-14T09:30:00Z', 1],
  ])('leaves the time to the answer when generatedAt is %s', (_, generatedAt, rejected) => {
    const result = read({ generatedAt, queues: [queue('P81001')] });
    expect(result.observedAt).toBeNull();
    expect(result.rejectedCount).toBe(rejected);
  });

  it('takes a supplier clock that is seconds ahead as now, so that no age is negative', () => {
    expect(read({ generatedAt: '2026-09-14T08:30:20Z', queues: [] }).observedAt).toBe(NOW);
  });

  it('lets no name, number or telephone number through, from any field', () => {
    const people = { [CANARY.name]: CANARY_TEXT, note: CANARY_TEXT, caller: { number: CANARY.phone } };
    const payload = telephony(
      { ...queue('P81001', { waiting: CANARY_TEXT, sinceMidnight: CANARY_TEXT }), ...people },
      { ...queue(CANARY.nhsNumber), ...people },
      { odsCode: CANARY_TEXT.repeat(5) },
      CANARY_TEXT,
    );
    const said = JSON.stringify(read({ ...payload, ...people }));
    for (const word of Object.values(CANARY)) expect(said).not.toContain(word);
  });
});
