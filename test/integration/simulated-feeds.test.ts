import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { metricSpec, type MetricName } from '#shared/model/metrics.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { feedInstances, fillTemplate, type FeedInstance } from '../../server/domain/feed-instances.ts';
import type { Reading } from '../../server/domain/ports.ts';
import type { AdapterTools, Read } from '../../server/feeds/adapters/adapter.ts';
import { adapterOf } from '../../server/feeds/adapters/registry.ts';
import { createMappingRunner } from '../../server/feeds/mapping/worker-runner.ts';
import { CANARY_FAMILIES, CANARY_GIVEN } from '../../server/simulator/canaries.ts';
import { createSimulatorServer } from '../../server/simulator/http/server.ts';
import { createSimulation } from '../../server/simulator/simulation.ts';

/**
 * The shipped systems' feeds, asked as their adapters ask and read as they read, against the demonstration's suppliers:
 * the two sides share no line, so that a word one of them gets wrong shows here.
 */
const SECRETS: Record<string, string> = {
  CALDER_VOICE_TOKEN: 'calder',
  FELL_URGENT_CARE_USER: 'headroom',
  FELL_URGENT_CARE_PASSWORD: 'fell',
};
const mapping = createMappingRunner({ limitMs: 20_000, patienceMs: 60_000 });
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await mapping.close();
});

interface Running {
  readonly definition: Definition;
  readonly base: string;
  at: EpochMs;
}

async function start(system: string, at: string): Promise<Running> {
  const loaded = await loadDefinition(fileURLToPath(new URL(`../../server/systems/${system}`, import.meta.url)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults.slice(0, 3)));
  const { definition } = loaded;
  const running = { definition, base: '', at: fromInstant(at) };
  const run = { run: 't', system, simulated: true, seed: 7, scenario: null, began: running.at };
  const clock = {
    now: () => running.at,
    run: { ...run, clock: { start: running.at, realEpoch: 0, speed: 1 } },
  };
  const input = {
    definition: { ...definition, suppliers: unlimited(definition) },
    national: loadNational(),
    scenario: null,
  };
  const server = createSimulatorServer(createSimulation(input, clock), (fault) => faults.push(fault), SECRETS);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  running.base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return running;
}
const faults: string[] = [];
/** These tests ask faster than any poller may. */
const unlimited = ({ suppliers = [] }: Definition) =>
  suppliers.map((supplier) => ({ ...supplier, perMinute: null, perSecond: null }));

const fill = (text: string, { sites }: FeedInstance, base: string) => {
  const [site] = sites;
  const own = site ? fillTemplate(text, site) : text;
  return own.replaceAll('${FEEDS_URL}', base).replace(/\$\{(\w+)\}/g, (whole, name: string) => SECRETS[name] ?? whole);
};

function signIn({ feed }: FeedInstance): Record<string, string> {
  const [part] = feed.auth;
  const secret = (text: string) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => SECRETS[name] ?? '');
  if (part?.type === 'bearer') return { authorization: `Bearer ${secret(part.token)}` };
  if (part?.type !== 'basic') return {};
  const pair = `${secret(part.user)}:${secret(part.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** One whole poll of the instance, all pages, by its own adapter. Every page must be taken without a refusal. */
async function poll(running: Running, instance: FeedInstance): Promise<Read<unknown>> {
  const { definition, base, at } = running;
  const supplier = definition.suppliers?.find(({ id }) => id === instance.feed.supplier) ?? null;
  const tools: AdapterTools = { supplier, slotTypes: definition.slotTypes ?? null, mapping };
  const adapter = adapterOf(instance.feed, tools);
  let memory = adapter.memory();
  const asked = adapter.request({ instance, now: at, requester: 'QHM' }, memory);
  const headers = Object.entries({ ...asked.headers, ...instance.feed.headers, ...signIn(instance) });
  const body = asked.body ?? (instance.feed.method === 'POST' ? instance.feed.body : undefined);
  let url: string | null = asked.url;
  for (let page = 0; url !== null && page < 50; page++) {
    const answer = await request(fill(url, instance, base), {
      method: asked.method ?? instance.feed.method ?? 'GET',
      headers: {
        'x-request-id': 'c1ab3fba-6bae-4ba4-b257-5a87c44d4a91',
        'x-correlation-id': '9562466f-c982-4bd5-bb0e-255e9f5e6689',
        ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), fill(value, instance, base)])),
      },
      ...(body === undefined ? {} : { body: fill(body, instance, base) }),
    });
    const text = await answer.body.text();
    expect([instance.id, answer.statusCode]).toEqual([instance.id, 200]);
    const payload: unknown = adapter.format === 'csv' ? text : JSON.parse(text);
    const read = await adapter.read(payload, { instance, askedAt: at, now: at, page }, memory);
    if (!read.ok) throw new Error(`${instance.id}: ${read.fault}`);
    ({ memory, next: url } = read);
    if (url === null) return read;
    expect([instance.id, read.rejected]).toEqual([instance.id, []]);
  }
  throw new Error(`${instance.id}: no end of pages`);
}

/** Types that the demonstration leaves unmapped on purpose are the only thing refused. */
const refusals = (read: Read<unknown>) => read.rejected.filter(({ reason }) => !/type/.test(reason));
const valueOf = (readings: readonly Reading[], site: string, metric: MetricName) =>
  readings.find((reading) => reading.site === site && reading.metric === metric)?.value;

describe.each([
  ['leicester-city', '2026-01-12T08:40:05Z'],
  ['sefton', '2026-07-06T07:50:00Z'],
  ['county-durham', '2026-10-26T09:15:00Z'],
])('%s at %s', (system, at) => {
  let running: Running;
  const reads = new Map<string, Read<unknown>>();
  beforeAll(async () => {
    running = await start(system, at);
    for (const instance of feedInstances(running.definition)) reads.set(instance.id, await poll(running, instance));
  }, 120_000);

  test('every feed is answered and read, and nothing of it refused', () => {
    const refused = [...reads].flatMap(([id, read]) => refusals(read).map((rejection) => ({ id, ...rejection })));
    expect(refused).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('every site gets every metric that its feeds bring, but for what only some declare', () => {
    const missing = feedInstances(running.definition).flatMap((instance) => {
      if (instance.feed.adapter === 'declared-states') return [];
      const { readings } = reads.get(instance.id) ?? { readings: [] };
      return instance.sites.flatMap((site) =>
        metricsOf(instance.feed)
          .filter((metric) => site.siteKind !== null && metricSpec(metric).siteKinds.includes(site.siteKind))
          .filter((metric) => !metricSpec(metric).derived)
          .filter((metric) => typeof valueOf(readings, site.id, metric) !== 'number')
          .map((metric) => `${instance.id} ${site.id} ${metric}`),
      );
    });
    expect(missing).toEqual([]);
  });

  test('two feeds of one practice tell the same free slots', () => {
    const { feeds } = running.definition;
    const ahead = feeds.find((feed) => feed.adapter === 'gp-connect-slots');
    const bars = feeds.find((feed) => feed.adapter === 'bars-slots' && feed.supplier === ahead?.supplier);
    if (!ahead || !bars) return expect(system).toBe('sefton');
    for (const site of ahead.sites) {
      const [one, two] = [reads.get(`${ahead.id}:${site}`), reads.get(`${bars.id}:${site}`)];
      expect([site, valueOf(one?.readings ?? [], site, 'slots.free')]).toEqual([
        site,
        valueOf(two?.readings ?? [], site, 'slots.free'),
      ]);
    }
  });

  test('nobody of the payloads is in what was read', () => {
    const text = JSON.stringify(
      [...reads.values()].map(({ readings, slots, declared, rejected }) => [readings, slots, declared, rejected]),
    );
    for (const name of [...CANARY_FAMILIES, ...CANARY_GIVEN, 'Canary', '07700 9', 'Patient/']) {
      expect(text.includes(name), name).toBe(false);
    }
    expect(/.{40}\b999\d{7}\b.{10}/.exec(text)?.[0]).toBeUndefined();
  });
});
