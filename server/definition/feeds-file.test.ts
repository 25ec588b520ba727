import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { copyOfValid, edit, loadValid } from '../../test/support/definition-copy.ts';
import { loadDefinition } from './load.ts';

test('feeds name their sites by filter or list; lengths of time become milliseconds', async () => {
  const { feeds } = await loadValid();
  expect(feeds.slice(0, 3).map((feed) => feed.sites)).toEqual([
    ['P10001', 'P10003', 'P10004'],
    ['P10001', 'P10002', 'P10003', 'P10004'],
    ['12345'],
  ]);
  expect(feeds[0]).toMatchObject({ timeoutMs: 5000, staleAfterMs: 180_000, label: 'Telephony queue' });
  expect(feeds[1]).toMatchObject({ timeoutMs: 10_000, staleAfterMs: 900_000 });
});

test('feeds say how they are asked, signed in to, mapped and split; suppliers and slot types are theirs', async () => {
  const { feeds, suppliers, slotTypes } = await loadValid();
  const feed = (id: string) => feeds.find((f) => f.id === id);
  expect(feed('slots-ahead')).toMatchObject({
    horizonDays: 14,
    auth: [
      { type: 'nhs-signed-jwt', tokenUrl: 'https://birch.example.nhs.uk/oauth2/token', key: '${BIRCH_KEY}' },
      { type: 'mtls', certificate: '${BIRCH_CERTIFICATE}', key: '${BIRCH_TLS_KEY}' },
    ],
  });
  expect(feed('telephony-calder-voice')).toMatchObject({
    method: 'POST',
    brings: ['calls.waiting', 'calls.longest-wait'],
    keeps: ['Id'],
    mapping: expect.stringContaining('MetricResults') as string,
  });
  expect(feed('calls-yesterday')?.mapping).toContain('"of": "yesterday"');
  expect(feed('telephony-shared')?.shared).toEqual([
    { account: 'TARN-7', sites: ['P10003', 'P10004'], split: 'list-size' },
  ]);
  expect(feed('telephony-norhall-telecom')).not.toHaveProperty('mapping');
  expect(suppliers?.[0]).toEqual({
    id: 'norhall-telecom',
    name: 'Norhall Telecom',
    perMinute: 60,
    perSecond: 5,
    contact: 'Service desk, 0800 to 1800',
    fields: {},
  });
  expect(suppliers?.[1]).toMatchObject({ perMinute: null, contact: null, fields: { endedInIvr: 'abandonedInMenu' } });
  expect(slotTypes).toMatchObject({
    reviewed: '2026-05-01',
    types: [{ name: 'Duty Doctor' }, { name: 'Staff meeting' }],
  });
});

test('a definition may say nothing of suppliers and slot types', async () => {
  const folder = await copyOfValid();
  await edit(folder, 'feeds.yaml', (text) => text.slice(0, text.indexOf('suppliers:\n')));
  const loaded = await loadDefinition(folder);
  expect(loaded.ok && loaded.definition.suppliers).toBeUndefined();
  expect(loaded.ok && loaded.definition.slotTypes).toBeUndefined();
});

test.each(['yesterday.jsonata', 'feeds.yaml'])('another mapping in %s is another version', async (file) => {
  const folder = await copyOfValid();
  await edit(folder, file, (text) => text.replace('"site": ', '"site" : '));
  const loaded = await loadDefinition(folder);
  expect(loaded.ok && loaded.definition.version).not.toBe((await loadValid()).version);
});

test('nobody has looked through slot types tomorrow, unless the clock is not the real one', async () => {
  const folder = await copyOfValid();
  expect(await loadDefinition(folder, { today: '2026-04-30' })).toMatchObject({ ok: true });
  await edit(folder, 'system.yaml', (text) => text.replace('simulated: true', 'simulated: false\nodsCode: QYG'));
  expect(await loadDefinition(folder, { today: '2026-05-01' })).toMatchObject({ ok: true });
  const loaded = await loadDefinition(folder, { today: '2026-04-30' });
  expect(loaded.ok ? [] : loaded.faults).toEqual([
    { file: 'feeds.yaml', line: 106, message: 'slotTypes: reviewed 2026-05-01 is in the future' },
  ]);
});

test('two feeds of one supplier may serve one site where they bring different things', async () => {
  const folder = await copyOfValid();
  const second = (brings: string) => (text: string) =>
    text.replace(
      '  - id: telephony-shared',
      () => `  - id: online-yesterday
    adapter: mapped-csv
    supplier: norhall-telecom
    url: \${FEEDS_URL}/norhall-telecom/online.csv
    sites: ['P10001']
    schedule: '0 30 5 * * *'
    staleAfter: 26 h
    brings: [${brings}]
    mapping: '{"observations": []}'
  - id: telephony-shared`,
    );
  await edit(folder, 'feeds.yaml', second('online.clinical'));
  expect(await loadDefinition(folder)).toMatchObject({ ok: true });
  const other = await copyOfValid();
  await edit(other, 'feeds.yaml', second('online.clinical, calls.answered'));
  const loaded = await loadDefinition(other);
  expect(loaded.ok ? [] : loaded.faults.map((f) => f.message)).toEqual([
    'feed "online-yesterday": site "P10001" already has mapped-csv of norhall-telecom from feed "calls-yesterday"',
  ]);
});

test('the example in the documentation is a good one', async () => {
  const text = await readFile(new URL('../../docs/system-definition.md', import.meta.url), 'utf8');
  const example = [...text.matchAll(/```yaml\n([^]*?)```/g)]
    .map(([, yaml = '']) => yaml)
    .find((y) => y.startsWith('feeds:'));
  const folder = await copyOfValid();
  const known = {
    P82004: 'P10001',
    P82005: 'P10002',
    P82006: 'P10003',
    P82007: 'P10004',
    'birch-systems\n': 'alder-clinical\n',
  };
  const feeds = Object.entries(known).reduce((yaml, [from, to]) => yaml.replaceAll(`${from}`, to), example ?? '');
  await edit(folder, 'feeds.yaml', () => feeds);
  const loaded = await loadDefinition(folder);
  expect(loaded.ok ? loaded.definition.feeds.map((f) => f.adapter) : loaded.faults).toEqual([
    'mapped-json',
    'gp-connect-slots',
    'telephony-queues',
  ]);
});
