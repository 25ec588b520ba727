import { expect, test } from 'vitest';
import type { Definition, SupplierDef } from '#shared/model/definition.ts';
import { sampleDefinition } from '../sample.ts';
import { createCredentials } from './credentials.ts';
import { createQuotas } from './quota.ts';
import { BARS, SLOTS, startSystem } from './running-sample.ts';

const AT = '2026-01-12T09:00:00.000Z';
const supplier = (id: string, quota: Partial<SupplierDef>): SupplierDef => ({
  id,
  name: id,
  perMinute: null,
  perSecond: null,
  contact: null,
  fields: {},
  ...quota,
});

function signedIn(): Definition {
  const definition = sampleDefinition();
  return {
    ...definition,
    feeds: definition.feeds.map((feed) => {
      if (feed.supplier === 'norhall-telecom') return { ...feed, auth: [{ type: 'bearer', token: '${NT_TOKEN}' }] };
      if (feed.supplier !== 'fell-urgent-care') return feed;
      return { ...feed, auth: [{ type: 'basic', user: '${FELL_USER}', password: '${FELL_PASSWORD}' }] };
    }),
  };
}
const SECRETS = { NT_TOKEN: 'open-sesame', FELL_USER: 'headroom', FELL_PASSWORD: 'se:cret' };
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

test('suppliers that want a token or a password let in who has it, and challenge everybody else', async () => {
  const { get } = await startSystem(AT, signedIn(), [], SECRETS);
  const refused = await get('/norhall-telecom/queues');
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="feeds"']);
  expect((await get('/norhall-telecom/queues', { Authorization: 'Bearer open-sesam' })).status).toBe(401);
  expect((await get('/norhall-telecom/queues', { Authorization: 'Bearer open-sesame' })).status).toBe(200);
  expect((await get('/fell-urgent-care/iuc', { Authorization: basic('headroom:wrong') })).status).toBe(401);
  expect((await get('/fell-urgent-care/iuc', { Authorization: basic('headroom:se:cret') })).status).toBe(200);
  expect((await get('/calder-voice/queues')).status).toBe(200);
});

test('without its secret a supplier lets nobody in, not even with an empty one', () => {
  const credentials = createCredentials(signedIn(), {});
  expect(credentials.challenge('norhall-telecom', { authorization: 'Bearer ' })).not.toBeNull();
  expect(credentials.challenge('fell-urgent-care', { authorization: basic(':') })).not.toBeNull();
});

test('more requests than the quota in a minute are refused until the next one begins', () => {
  let now = 6_000_000;
  const quotas = createQuotas(
    [supplier('a', { perMinute: 100 }), supplier('b', {})],
    () => true,
    () => now,
  );
  for (let i = 0; i < 102; i++) expect(quotas.take('a')).toBeNull();
  now += 20_000;
  expect(quotas.take('a')).toEqual({ retryAfterSeconds: 40 });
  for (let i = 0; i < 500; i++) expect(quotas.take('b')).toBeNull();
  expect(quotas.take('nobody')).toBeNull();
  now += 40_000;
  expect(quotas.take('a')).toBeNull();
});

test('a spike within a second is refused, and who does not say when says nothing', () => {
  let now = 0;
  const quotas = createQuotas(
    [supplier('a', { perMinute: 1000, perSecond: 5 })],
    () => false,
    () => now,
  );
  const refused = () => Array.from({ length: 10 }, () => quotas.take('a')).filter((refusal) => refusal !== null);
  expect(refused()).toEqual(Array.from({ length: 4 }, () => ({ retryAfterSeconds: null })));
  now += 1000;
  expect(refused()).toHaveLength(4);
});

test('over HTTP a FHIR gateway refuses in its standard’s words and says when; a telephone supplier just refuses', async () => {
  const suppliers = [supplier('alder-clinical', { perMinute: 2 }), supplier('norhall-telecom', { perMinute: 2 })];
  const { get } = await startSystem(AT, { ...sampleDefinition(), suppliers });
  const last = async (path: string, headers = {}) => {
    // The quota's window may turn in between: then it takes one more round.
    for (let i = 0; i < 12; i++) {
      const answer = await get(path, headers);
      if (answer.status === 429) return answer;
    }
    throw new Error('never refused');
  };
  const fhir = await last(SLOTS, BARS);
  expect(Number(fhir.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(fhir.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(fhir.json()).toMatchObject({ issue: [{ details: { coding: [{ code: 'SEND_TOO_MANY_REQUESTS' }] } }] });
  const voice = await last('/norhall-telecom/queues');
  expect([voice.headers['retry-after'], voice.json()]).toEqual([undefined, { error: 'TOO_MANY_REQUESTS' }]);
  expect((await get('/calder-voice/queues')).status).toBe(200);
});
