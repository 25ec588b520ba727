import { describe, expect, it } from 'vitest';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  NOW,
  online,
  overTheWire,
  requests,
  siteOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { redact } from '../redact.ts';
import { onlineConsultations } from './online-consultations.ts';

const adapter = onlineConsultations(feedOf('online-consultations'), TOOLS);
const context = contextOf('online-consultations', [siteOf('P81001'), siteOf('P81002')]);

function read(payload: unknown) {
  const result = adapter.read(payload, context, null);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const valueOf = (payload: unknown, site: string, metric: string) =>
  read(payload).readings.find((r) => r.site === site && r.metric === metric);

describe('online-consultations', () => {
  it('gives open requests, the oldest in minutes, and both kinds since midnight', () => {
    const { readings, observedAt, rejected, volume } = read(online(requests('P81001'), requests('P81002')));
    expect({ observedAt, rejected, volume }).toEqual({ observedAt: NOW - 10_000, rejected: [], volume: 2 });
    expect(Object.fromEntries(readings.filter((r) => r.site === 'P81001').map((r) => [r.metric, r.value]))).toEqual({
      'online.open': 23,
      'online.oldest': 187,
      'online.clinical': 41,
      'online.admin': 17,
    });
  });

  it.each([
    ['open left out', { open: undefined }, 'online.open', 'not-reported'],
    ['open null', { open: null }, 'online.open', 'not-reported'],
    ['no oldest where nothing is open', { open: 0, oldestOpenMinutes: null }, 'online.oldest', 'not-reported'],
    ['no counters', { sinceMidnight: null }, 'online.clinical', 'not-reported'],
    ['one kind left out', { sinceMidnight: { admin: 3 } }, 'online.clinical', 'not-reported'],
    ['open negative', { open: -1 }, 'online.open', 'rejected'],
    ['half a request', { open: 2.5 }, 'online.open', 'rejected'],
    ['open as text', { open: '23' }, 'online.open', 'rejected'],
    ['open true', { open: true }, 'online.open', 'rejected'],
    ['open a list', { open: [23] }, 'online.open', 'rejected'],
    ['open an object', { open: {} }, 'online.open', 'rejected'],
    ['open beyond all numbers', { open: 1e300 }, 'online.open', 'rejected'],
    ['an age as text', { oldestOpenMinutes: '3 h' }, 'online.oldest', 'rejected'],
    ['an age below nothing', { oldestOpenMinutes: -0.1 }, 'online.oldest', 'rejected'],
    ['counters as a list', { sinceMidnight: [41, 17] }, 'online.clinical', 'rejected'],
    ['counters as text', { sinceMidnight: CANARY_TEXT }, 'online.clinical', 'rejected'],
    ['a counter as text', { sinceMidnight: { clinical: '41' } }, 'online.clinical', 'rejected'],
    ['a counter below nothing', { sinceMidnight: { clinical: -41 } }, 'online.clinical', 'rejected'],
  ])('says why with %s, and never zero', (_, more, metric, absence) => {
    const payload = overTheWire(online(requests('P81001', more), requests('P81002')));
    expect(valueOf(payload, 'P81001', metric)).toMatchObject({ value: null, absence });
    expect(valueOf(payload, 'P81002', metric)?.value).not.toBeNull();
    expect(read(payload).rejectedCount > 0).toBe(absence === 'rejected');
  });

  it.each([
    ['an unknown code', requests('X99999'), '/practices/1/odsCode'],
    ['no code', { open: 4 }, '/practices/1'],
    ['a number for a code', { odsCode: 81001 }, '/practices/1/odsCode'],
    ['an empty code', requests(''), '/practices/1/odsCode'],
    ['a code of a thousand letters', requests('P'.repeat(1000)), '/practices/1/odsCode'],
    ['null', null, '/practices/1'],
    ['a list', [requests('P81002')], '/practices/1'],
    ['text', 'P81001', '/practices/1'],
    ['the same practice again', requests('P81001', { open: 99 }), '/practices/1/odsCode'],
  ])('refuses a record that is %s and keeps the good one', (_, record, place) => {
    const payload = online(requests('P81001'), record);
    expect(read(payload).rejected.map((r) => r.place)).toEqual([place]);
    expect(valueOf(payload, 'P81001', 'online.open')?.value).toBe(23);
    expect(valueOf(payload, 'P81002', 'online.open')?.detail).toBe('missing-site');
  });

  it.each([[null], [[]], ['text'], [{}], [{ practices: {} }], [{ practices: null }], [{ queues: [] }], [42]])(
    'says invalid for a document that is %j',
    (payload) => {
      expect(adapter.read(payload, context, null)).toMatchObject({ ok: false, state: 'invalid' });
    },
  );

  it('gives the same again from its redacted copy, with nobody in it', () => {
    const payload = online(
      requests('P81001', { complaint: CANARY_TEXT, patient: { nhsNumber: Number(CANARY.nhsNumber) } }),
      requests(CANARY.name),
    );
    const copy = redact(overTheWire(payload), adapter.redaction);
    for (const word of Object.values(CANARY)) expect(JSON.stringify([copy, read(payload)])).not.toContain(word);
    expect(read(copy).readings).toEqual(read(payload).readings);
  });
});
