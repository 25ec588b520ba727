import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  NOW,
  overTheWire,
  queue,
  siteOf,
  telephony,
  feedOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { redact } from '../redact.ts';
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

  it.each(['Unassigned', ' unmapped '])('says what to do about a record of nobody: %j', (code) => {
    expect(read(telephony(queue(code))).rejected[0]?.reason).toContain('set up as shared');
  });

  it('counts what was refused only for coming twice', () => {
    const result = read(telephony(queue('P81001'), queue('P81001'), queue('P81002'), queue('P81001')));
    expect(result).toMatchObject({ rejectedCount: 2, duplicates: 2, volume: 4 });
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

  it('gives the same again from its redacted copy', () => {
    const payload = telephony(queue('P81001', { waiting: CANARY_TEXT, note: CANARY_TEXT }), queue(' p81002 '));
    const copy = redact(overTheWire(payload), adapter.redaction);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(copy)).not.toContain(word);
    expect(read(copy).readings).toEqual(read(payload).readings);
  });
});

describe("a supplier's own words", () => {
  const fields = {
    missed: 'missed - abandonedInMenu',
    endedInIvr: 'abandonedInMenu',
    handlersOnCall: 'talking + wrapUp',
  };
  const own = telephonyQueues(feedOf('telephony-queues'), {
    ...TOOLS,
    supplier: { id: 's', name: 'S', perMinute: null, perSecond: null, contact: null, fields },
  });
  const since = { inbound: 131, answered: 74, answeredWithin2Minutes: 30, callbacksRequested: 11, callbacksMade: 8 };
  const of = (missed: unknown, abandonedInMenu: unknown, more: object = { talking: 3, wrapUp: 1 }) => {
    const record = {
      ...queue('P81001', { handlersOnCall: 99, ...more }),
      sinceMidnight: { ...since, missed, abandonedInMenu },
    };
    const result = own.read(telephony(record), context, null);
    if (!result.ok) throw new Error(result.fault);
    const value = (metric: string) => result.readings.find((r) => r.site === 'P81001' && r.metric === metric);
    return {
      missed: value('calls.missed'),
      ivr: value('calls.ended-in-ivr'),
      onCall: value('calls.handlers-on-call'),
      rejected: result.rejected,
    };
  };

  it('become the national ones', () => {
    const { missed, ivr, onCall, rejected } = of(39, 21);
    expect([missed?.value, ivr?.value, onCall?.value]).toEqual([18, 21, 4]);
    expect(rejected).toEqual([]);
  });

  it.each([
    ['is missing', 39, undefined, 'not-reported', []],
    ['is null', null, 21, 'not-reported', []],
    [
      'is refused',
      39,
      '21',
      'rejected',
      ['/queues/0/sinceMidnight/abandonedInMenu', '/queues/0/sinceMidnight/abandonedInMenu'],
    ],
    ['makes it less than nothing', 20, 21, 'rejected', ['/queues/0/sinceMidnight/missed']],
  ])('give no figure where a part of it %s, and never zero', (_, missed, menu, absence, places) => {
    const result = of(missed, menu);
    expect(result.missed).toMatchObject({ value: null, absence });
    expect(result.rejected.map((r) => r.place)).toEqual(places);
  });

  it('say which sum came out wrong', () => {
    expect(of(20, 21).rejected[0]?.reason).toBe('comes out below zero: missed - abandonedInMenu');
  });
});

describe('an account that several practices share', () => {
  const shared = [{ account: 'ACC-7', sites: ['P81001', 'P81002'], split: 'list-size' as const }];
  const many = [{ ...siteOf('P81001'), population: 2000 }, { ...siteOf('P81002'), population: 6000 }, siteOf('P81003')];
  const feed = feedOf('telephony-queues', { shared });
  const account = telephonyQueues(feed, TOOLS);
  const table = (...queues: unknown[]) => {
    const result = account.read(telephony(...queues), contextOf('telephony-queues', many), null);
    if (!result.ok) throw new Error(result.fault);
    return {
      ...result,
      of: (site: string, metric: string) => result.readings.find((r) => r.site === site && r.metric === metric),
    };
  };

  it('is split by list size: counts in parts, waits for each, all marked', () => {
    const { of, readings, rejected } = table(queue('ACC-7', { waiting: 8, handlersOnCall: 4 }));
    expect(rejected).toEqual([]);
    expect([of('P81001', 'calls.waiting')?.value, of('P81002', 'calls.waiting')?.value]).toEqual([2, 6]);
    expect([of('P81001', 'calls.handlers-on-call')?.value, of('P81002', 'calls.handlers-on-call')?.value]).toEqual([
      1, 3,
    ]);
    expect([of('P81001', 'calls.longest-wait')?.value, of('P81002', 'calls.longest-wait')?.value]).toEqual([412, 412]);
    expect(readings.filter((r) => r.site !== 'P81003').every((r) => r.estimated === true)).toBe(true);
    expect(of('P81003', 'calls.waiting')).toMatchObject({ value: null, detail: 'missing-site' });
  });

  it('leaves a practice that reports for itself its own, unmarked, and the whole to the other', () => {
    const { of } = table(queue('ACC-7', { waiting: 8 }), queue('P81001', { waiting: 3 }));
    expect(of('P81001', 'calls.waiting')).toEqual({ site: 'P81001', metric: 'calls.waiting', value: 3 });
    expect(of('P81002', 'calls.waiting')).toMatchObject({ value: 8, estimated: true });
  });

  it('says the same absence for each, refuses it once, and takes the account once', () => {
    const { of, rejected, duplicates } = table(queue('ACC-7', { waiting: -1 }), queue('ACC-7'));
    expect(of('P81001', 'calls.waiting')).toMatchObject({ value: null, absence: 'rejected' });
    expect(of('P81002', 'calls.waiting')).toMatchObject({ value: null, absence: 'rejected' });
    expect(rejected.map((r) => r.place)).toEqual(['/queues/0/waiting', '/queues/1/odsCode']);
    expect(duplicates).toBe(1);
  });

  it('is gone when the account leaves the document', () => {
    expect(new Set(table().readings.map((r) => r.detail))).toEqual(new Set(['missing-site']));
  });
});

it('keeps the codes of shared accounts readable in a redacted copy, so that their records can be read again', () => {
  const shared = [{ account: 'TARN (7)', sites: ['P81001', 'P81002'], split: 'equal' as const }];
  const { keeps } = telephonyQueues(feedOf('telephony-queues', { shared }), TOOLS).redaction;
  expect(['TARN (7)', 'P81001', 'Quillfeather', 'TARN 77'].map((code) => keeps['odsCode']?.test(code))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
