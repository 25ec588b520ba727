import { describe, expect, it } from 'vitest';
import { dayStart, HOUR } from '#shared/model/time.ts';
import { CANARY, CANARY_TEXT, feedOf, NOW, siteOf, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import type { Mapped } from '../mapping/runner.ts';
import type { ReadContext } from './adapter.ts';
import { mappedJson } from './mapped-json.ts';
import { mappedCsv } from './mapped-csv.ts';

const sites = [siteOf('P81001'), siteOf('P81002')];
const brings = ['calls.waiting', 'calls.longest-wait', 'calls.inbound'];

/** The adapter on a mapping that comes to `value`, whatever it is asked. */
function over(result: Mapped, more: Parameters<typeof feedOf>[1] = {}) {
  const feed = feedOf('mapped-json', { brings, mapping: 'x', ...more });
  const adapter = mappedJson(feed, { ...TOOLS, mapping: { ...TOOLS.mapping, run: () => Promise.resolve(result) } });
  const context: ReadContext = { instance: { id: feed.id, feed, sites }, askedAt: NOW, now: NOW, page: 0 };
  return adapter.read({}, context, adapter.memory());
}
async function read(value: unknown, more?: Parameters<typeof feedOf>[1]) {
  const result = await over({ ok: true, value }, more);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const at = (site: string, metric: string, value: unknown, more: object = {}) => ({ site, metric, value, ...more });
const observed = (...observations: unknown[]) => ({ observations });
async function find(value: unknown, site: string, metric: string) {
  return (await read(value)).readings.find((r) => r.site === site && r.metric === metric && r.day === undefined);
}

describe('what a mapping comes to', () => {
  it('gives every metric of every site once: told, left out, or of a site that is not mentioned', async () => {
    const { readings, volume, observedAt } = await read({
      observedAt: '2026-09-14T08:29:50Z',
      observations: [at('P81001', 'calls.waiting', 7), at('P81001', 'calls.longest-wait', 12.5)],
    });
    expect(observedAt).toBe(NOW - 10_000);
    expect(volume).toBe(2);
    expect(readings.map((r) => `${r.site} ${r.metric} ${r.value ?? r.detail}`)).toEqual([
      'P81001 calls.waiting 7',
      'P81001 calls.longest-wait 12.5',
      'P81001 calls.inbound missing-field',
      'P81002 calls.waiting missing-site',
      'P81002 calls.longest-wait missing-site',
      'P81002 calls.inbound missing-site',
    ]);
  });

  it.each([
    ['a single observation as the thing itself', { observations: at('P81001', 'calls.waiting', 7) }],
    ['a list within the list', { observations: [[at('P81001', 'calls.waiting', 7)]] }],
    ['a unit id with blanks, in small letters', observed(at(' p81001 ', 'calls.waiting', 7))],
  ])('takes %s', async (_, value) => {
    expect((await find(value, 'P81001', 'calls.waiting'))?.value).toBe(7);
  });

  it.each([[{}], [{ observations: [] }], [{ observations: null, observedAt: null }]])(
    'takes %j as nobody reporting, never as zero',
    async (value) => {
      const { readings, rejectedCount } = await read(value);
      expect(rejectedCount).toBe(0);
      expect(new Set(readings.map((r) => `${r.value} ${r.detail}`))).toEqual(new Set(['null missing-site']));
    },
  );

  it.each([
    ['a negative count', at('P81001', 'calls.waiting', -1), '/value'],
    ['half a caller', at('P81001', 'calls.waiting', 1.5), '/value'],
    ['a text for a number', at('P81001', 'calls.waiting', '7'), '/value'],
    ['true', at('P81001', 'calls.waiting', true), '/value'],
    ['a list', at('P81001', 'calls.waiting', [7]), '/value'],
    ['a number too large to be exact', at('P81001', 'calls.waiting', 1e300), '/value'],
    ['a negative wait', at('P81001', 'calls.longest-wait', -0.5), '/value'],
    ['a metric that the feed does not bring', at('P81001', 'calls.missed', 3), '/metric'],
    ['a metric that does not exist', at('P81001', 'calls.wating', 3), '/metric'],
    ['a metric named like a part of every object', at('P81001', 'constructor', 3), '/metric'],
    ['a site of somebody else', at('X99999', 'calls.waiting', 3), '/site'],
    ['no practice', at('Unassigned', 'calls.waiting', 3), '/site'],
    ['a site that is a number', at(81001 as unknown as string, 'calls.waiting', 3), '/site'],
    ['an empty site', at('', 'calls.waiting', 3), '/site'],
    ['a site of a thousand letters', at('P'.repeat(1000), 'calls.waiting', 3), '/site'],
    ['no site', { metric: 'calls.waiting', value: 3 }, ''],
    ['no metric', { site: 'P81001', value: 3 }, ''],
    ['a field that is none', at('P81001', 'calls.waiting', 3, { vaule: 3 }), ''],
    ['a number', 3, ''],
    ['null', null, ''],
    ['a text', 'P81001', ''],
    ['yesterday of what is only now', at('P81001', 'calls.waiting', 3, { of: 'yesterday' }), '/of'],
    ['tomorrow', at('P81001', 'calls.inbound', 3, { of: '2026-09-15' }), '/of'],
    ['a day long ago', at('P81001', 'calls.inbound', 3, { of: '2026-06-01' }), '/of'],
    ['a day that never was', at('P81001', 'calls.inbound', 3, { of: '2026-02-30' }), '/of'],
    ['a day in words', at('P81001', 'calls.inbound', 3, { of: 'monday' }), '/of'],
    ['a day as a number', at('P81001', 'calls.inbound', 3, { of: 20260913 }), '/of'],
    ['a reason of ours', at('P81001', 'calls.waiting', null, { absent: 'throttled' }), '/absent'],
    ['a reason in words', at('P81001', 'calls.waiting', null, { absent: CANARY_TEXT }), '/absent'],
    ['a second value', at('P81002', 'calls.waiting', 4), ''],
  ])('refuses %s and takes the rest', async (_, wrong, place) => {
    const { rejected, rejectedCount, readings } = await read(observed(at('P81002', 'calls.waiting', 5), wrong));
    expect(rejected.map((r) => r.place)).toEqual([`/mapped/observations${place}`]);
    expect(rejectedCount).toBe(1);
    expect(readings).toHaveLength(6);
    expect(readings.find((r) => r.site === 'P81002' && r.metric === 'calls.waiting')?.value).toBe(5);
    expect(readings.find((r) => r.site === 'P81001' && r.metric === 'calls.waiting')?.value).toBeNull();
  });

  it.each([
    ['refused', at('P81001', 'calls.waiting', -1), 'rejected'],
    ['null', at('P81001', 'calls.waiting', null), 'not-reported'],
    ['left out', { site: 'P81001', metric: 'calls.waiting' }, 'not-reported'],
    ['closed', at('P81001', 'calls.waiting', null, { absent: 'closed' }), 'closed'],
    ['not onboarded', at('P81001', 'calls.waiting', null, { absent: 'not-onboarded' }), 'not-onboarded'],
    ['unreachable', at('P81001', 'calls.waiting', null, { absent: 'unreachable' }), 'unreachable'],
  ])('says why a value that is %s is not there', async (_, observation, absence) => {
    expect(await find(observed(observation), 'P81001', 'calls.waiting')).toMatchObject({ value: null, absence });
  });

  it('counts what came twice as a duplicate, not as another fault', async () => {
    const one = at('P81001', 'calls.waiting', 3);
    expect(await read(observed(one, one, one))).toMatchObject({ rejectedCount: 2, duplicates: 2 });
  });

  it("keeps today's count and yesterday's total apart, on the London days of the answer", async () => {
    const { readings } = await read(
      observed(
        at('P81001', 'calls.inbound', 40),
        at('P81001', 'calls.inbound', 400, { of: 'yesterday' }),
        at('P81001', 'calls.inbound', 300, { of: '2026-09-12' }),
        at('P81002', 'calls.inbound', 41, { of: '2026-09-14' }),
      ),
    );
    const yesterday = dayStart(dayStart(NOW) - HOUR);
    expect(readings.filter((r) => r.metric === 'calls.inbound').map((r) => [r.site, r.value, r.day])).toEqual([
      ['P81001', 40, undefined],
      ['P81002', 41, undefined],
      ['P81001', 400, yesterday],
      ['P81001', 300, dayStart(yesterday - HOUR)],
    ]);
  });

  it.each([
    [undefined, 'comes to nothing'],
    [null, 'comes to nothing'],
    [7, 'other than'],
    ['text', 'other than'],
    [[], 'other than'],
    [[{ site: 'P81001' }], 'other than'],
    [{ observation: [] }, 'other than'],
    [{ observations: 'P81001' }, 'no list'],
    [{ observations: 7 }, 'no list'],
    [{ declared: true }, 'no list'],
    [{ declared: [{}] }, 'brings does not name'],
  ])('says that the mapping failed where it comes to %j', async (value, words) => {
    expect(await over({ ok: true, value })).toMatchObject({
      ok: false,
      state: 'mapping-failed',
      fault: expect.stringContaining(words) as string,
    });
  });

  it('brings declared states like the standard does, and no level by an observation', async () => {
    const entry = {
      odsCode: 'P81001',
      level: 3,
      declaredAt: '2026-09-14T07:00:00Z',
      reason: 'demand',
      role: 'duty-doctor',
    };
    const level = { brings: ['declared.level'] };
    const result = await read({ declared: entry, observations: [at('P81002', 'declared.level', 2)] }, level);
    expect(result.readings.map((r) => [r.site, r.value])).toEqual([
      ['P81001', 3],
      ['P81002', null],
    ]);
    expect(result.rejected.map((r) => r.place)).toEqual(['/mapped/observations/metric']);
    expect(result.declared?.find((d) => d.site === 'P81001')).toMatchObject({ level: 3, by: 'duty doctor' });
  });

  it('ends a declared level by its own time although the answer stays as it was', async () => {
    const declared = { odsCode: 'P81001', level: 3, declaredAt: '2026-09-14T07:00:00Z', until: '2026-09-14T09:00:00Z' };
    const feed = feedOf('mapped-json', { brings: ['declared.level', 'calls.waiting'], mapping: 'x' });
    const value = { declared, observations: at('P81001', 'calls.waiting', 7) };
    const run = () => Promise.resolve({ ok: true, value } as const);
    const adapter = mappedJson(feed, { ...TOOLS, mapping: { ...TOOLS.mapping, run } });
    const context: ReadContext = { instance: { id: feed.id, feed, sites }, askedAt: NOW, now: NOW, page: 0 };
    const first = await adapter.read({}, context, adapter.memory());
    const values = (now: number) =>
      first.ok && adapter.again?.({ ...context, now }, first.memory).readings.map((r) => r.value);
    expect(values(NOW)).toEqual([7, null, 3, null]);
    expect(values(NOW + HOUR / 2)).toEqual([7, null, null, null]);
  });

  it('tells a mapping that failed from a text that is no table', async () => {
    expect(await over({ ok: false, why: 'w' })).toEqual({ ok: false, state: 'mapping-failed', fault: 'w' });
    expect(await over({ ok: false, why: 'w', unreadable: true })).toEqual({ ok: false, state: 'invalid', fault: 'w' });
  });

  it('places refused rows of a table at their row', async () => {
    const refused = [{ row: 4, reason: 'has 2 cells under 3 headings (line 6)' }];
    expect(await over({ ok: true, value: {}, refused, refusedCount: 9 })).toMatchObject({
      rejected: [{ place: '/rows/4' }],
      rejectedCount: 9,
    });
  });

  it('lets nobody through', async () => {
    const result = await over({
      ok: true,
      value: {
        observedAt: CANARY_TEXT,
        observations: [
          at(CANARY.name, 'calls.waiting', 1),
          at('P81001', CANARY_TEXT, 1),
          at('P81001', 'calls.waiting', CANARY_TEXT, { of: CANARY.name, [CANARY.name]: 1 }),
        ],
      },
    });
    for (const word of Object.values(CANARY)) expect(JSON.stringify(result)).not.toContain(word);
  });

  it('asks by POST with the site filled in, and for CSV by its type', () => {
    const feed = feedOf('mapped-csv', { method: 'POST', body: '{"q": "{queue}"}', url: 'http://x/{ods}' });
    const instance = { id: 'x', feed, sites: [siteOf('P81001', 'practice', { queue: 'Q7' })] };
    const adapter = mappedCsv(feed, TOOLS);
    expect(adapter.request({ instance, now: NOW, requester: 'QOP' }, adapter.memory())).toEqual({
      url: 'http://x/P81001',
      method: 'POST',
      body: '{"q": "Q7"}',
      headers: { accept: 'text/csv, text/plain;q=0.9', 'content-type': 'application/json' },
    });
  });
});
