import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import type { UnitDef } from '#shared/model/definition.ts';
import { dayOf } from '../world/day.ts';
import { queueStateAt } from '../world/telephony.ts';
import { startSample } from './running-sample.ts';

/** The mappings that ship, run on what the suppliers of the demonstration answer: they must come to the world's own figures. */
const mapping = (name: string) => readFile(new URL(`../../cli/templates/${name}.jsonata`, import.meta.url), 'utf8');

interface Observation {
  site: string;
  metric: string;
  value: number | null;
  of?: string;
}
interface Mapped {
  observedAt?: string;
  observations: Observation[];
}

const sitesOf = (units: readonly UnitDef[]) =>
  units.map(({ id, odsCode, identifiers }) => ({ id, ods: odsCode, identifiers }));

async function run(name: string, payload: unknown, sites: readonly UnitDef[], askedAt: string): Promise<Mapped> {
  const result: unknown = await jsonata(await mapping(name)).evaluate(payload, { sites: sitesOf(sites), askedAt });
  return JSON.parse(JSON.stringify(result)) as Mapped;
}

const AT = '2026-01-12T08:31:40.000Z';
const queueQuery = (sites: readonly UnitDef[]) => sites.map((site) => site.identifiers['queue'] ?? '');
const connectQuery = (queues: readonly string[], ...names: string[]) => ({
  Filters: { Channels: ['VOICE'], Queues: queues },
  Groupings: ['QUEUE'],
  CurrentMetrics: names.map((Name) => ({ Name, Unit: 'COUNT' })),
});
const ALL = ['CONTACTS_IN_QUEUE', 'OLDEST_CONTACT_AGE', 'AGENTS_ON_CONTACT', 'AGENTS_AVAILABLE', 'CONTACTS_SCHEDULED'];
const CONNECT = '/pennine-connect/metrics/current/demonstration';
const OBSERVATIONS = '/tarn-telephony/api/v2/analytics/queues/observations/query';
const observationsQuery = (queues: readonly string[], more: object = { detailMetrics: ['oWaiting'] }) => ({
  filter: { type: 'or', predicates: queues.map((value) => ({ dimension: 'queueId', value })) },
  metrics: ['oWaiting', 'oInteracting', 'oOnQueueUsers'],
  ...more,
});

const expected = (state: ReturnType<typeof queueStateAt>) => ({
  'calls.waiting': state.waiting,
  'calls.longest-wait': state.longestWaitSeconds,
  'calls.handlers-on-call': state.handlersOnCall,
  'calls.handlers-free': state.handlersFree,
  'callbacks.waiting': state.callbacksWaiting,
});

const bySite = (observations: readonly Observation[], of?: string) => {
  const sites: Record<string, Record<string, number | null>> = {};
  for (const each of observations) {
    if (of !== undefined && each.of !== of) continue;
    const site = (sites[each.site] ??= {});
    expect(site[each.metric]).toBeUndefined();
    site[each.metric] = each.value;
  }
  return sites;
};

test.each([
  ['connect-metrics', CONNECT, (queues: readonly string[]) => connectQuery(queues, ...ALL), 'pennine-connect'],
  ['queue-observations', OBSERVATIONS, observationsQuery, 'tarn-telephony'],
])('%s come to the world’s own queues', async (name, path, query, supplier) => {
  const { post, simulation } = await startSample(AT);
  const sites = simulation.directory.sites(supplier, 'mapped-json');
  const answer = await post(path, query(queueQuery(sites)));
  expect(answer.status).toBe(200);
  const mapped = await run(name, answer.json(), sites, AT);
  const { world, day, wall } = simulation.now();
  const wanted = sites.flatMap((site) => {
    const calls = world.calls(site, day);
    return calls ? [[site.id, expected(queueStateAt(calls, wall))] as const] : [];
  });
  expect(wanted).toHaveLength(sites.length);
  expect(bySite(mapped.observations)).toEqual(Object.fromEntries(wanted));
  expect(wanted.some(([, state]) => state['calls.waiting'] > 0)).toBe(true);
  if (name === 'connect-metrics') expect(mapped.observedAt).toBe(AT);
  expect(answer.text).toMatch(/Canarytext|participantName/);
});

test('totals of a wallboard: today’s so far, and from 6am yesterday’s final ones', async () => {
  const { get, simulation, clock } = await startSample('2026-01-13T05:59:00.000Z');
  const sites = simulation.directory.sites('pennine-connect', 'mapped-csv');
  const rows = async () => {
    const answer = await get('/pennine-connect/export/totals.csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    return parse(answer.text, { bom: true, columns: true });
  };
  expect((await rows()).map((row) => (row as { Day: string }).Day)).toEqual(['today', 'today']);
  clock.set('2026-01-13T09:10:00.000Z');
  const mapped = await run('call-totals', await rows(), sites, '2026-01-13T09:10:00.000Z');
  expect(mapped.observedAt).toBe('2026-01-13T09:10:00.000Z');
  const { world, day, wall } = simulation.now();
  for (const site of sites) {
    const calls = world.calls(site, day);
    const before = world.calls(site, dayOf(day.start - 1));
    if (!calls || !before) throw new Error('no calls');
    const now = queueStateAt(calls, wall);
    const then = queueStateAt(before, 86_400);
    expect(bySite(mapped.observations, 'today')[site.id]).toMatchObject({
      'calls.inbound': now.inbound,
      'calls.missed': now.missed,
      'callbacks.made': now.callbacksMade,
      'callbacks.oldest': now.oldestCallbackSeconds,
    });
    expect(bySite(mapped.observations, 'yesterday')[site.id]).toMatchObject({
      'calls.inbound': then.inbound,
      'calls.answered': then.answered,
    });
    expect(then.inbound).toBeGreaterThan(now.inbound);
  }
});

test('a rota: who sees patients and is there, by the world’s own absences, and no reason why', async () => {
  const { get, simulation, clock } = await startSample('2026-01-12T09:10:00.000Z');
  const sites = simulation.directory.sites('willow-rota', 'mapped-csv');
  const read = async () => {
    const answer = await get('/willow-rota/rota.csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    return run('rota', parse(answer.text, { bom: true, columns: true }), sites, '2026-01-12T09:10:00.000Z');
  };
  const mapped = await read();
  expect(mapped.observedAt).toBe('2026-01-12T09:10:00.000Z');
  const { world, day, wall } = simulation.now();
  const wanted = sites.flatMap((site) => {
    const rota = world.rota(site, day, wall);
    if (!rota) return [];
    const { planned, there } = rota.clinicians;
    return [[site.id, { 'staff.clinical-planned': planned, 'staff.clinical-available': there }] as const];
  });
  expect(wanted.length).toBe(sites.length);
  expect(bySite(mapped.observations)).toEqual(Object.fromEntries(wanted));
  // Nobody works on a Sunday: no lines, which is not a rota of none.
  clock.set('2026-01-18T10:00:00.000Z');
  expect(await read()).toEqual({ observations: [] });
});

const someQueue = '00000000-0000-4000-a000-000000000000';
test.each([
  ['no queues', connectQuery([], ...ALL), 400, 'InvalidRequestException'],
  [
    'a hundred and one',
    connectQuery(
      Array.from({ length: 101 }, () => someQueue),
      ...ALL,
    ),
    400,
    'InvalidRequestException',
  ],
  ['an unknown metric', connectQuery([someQueue], 'CALLS_WE_LOST'), 400, 'InvalidParameterException'],
  ['no grouping', { ...connectQuery([someQueue], ...ALL), Groupings: [] }, 400, 'InvalidParameterException'],
  ['a queue of nobody', connectQuery(['f'.repeat(36)], ...ALL), 404, 'ResourceNotFoundException'],
  ['no JSON', 'x', 400, 'InvalidRequestException'],
])('Connect refuses %s', async (_, query, status, type) => {
  const { post } = await startSample(AT);
  const answer = await post(CONNECT, query);
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([status, type]);
});

test('observations hold conversations only where they are asked for in detail', async () => {
  const { post, simulation } = await startSample(AT);
  const queues = queueQuery(simulation.directory.sites('tarn-telephony', 'mapped-json'));
  expect((await post(OBSERVATIONS, observationsQuery(queues))).text).toContain('observationDate');
  expect((await post(OBSERVATIONS, observationsQuery(queues, {}))).text).not.toContain('observationDate');
  expect((await post(OBSERVATIONS, {})).status).toBe(400);
});
