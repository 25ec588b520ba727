import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULT_MODES } from '#shared/model/scenario.ts';
import { loadScenario, scenarioNames } from './scenario-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('every scenario that ships loads under its own name, and the ones the product promises are there', async () => {
  const names = await scenarioNames();
  for (const name of names) {
    const loaded = await loadScenario(name);
    expect(loaded.ok ? loaded.scenario.id : loaded.faults).toBe(name);
  }
  expect(names).toEqual(expect.arrayContaining(['ordinary-monday', 'winter-monday', 'phones-down', 'published-day']));
});

test('the fault matrix holds every fault there is, each on a feed of its own', async () => {
  const loaded = await loadScenario('fault-matrix');
  const outages = (loaded.ok ? loaded.scenario.events : []).flatMap((e) => (e.type === 'feed-outage' ? [e] : []));
  expect(new Set(outages.map((event) => event.mode))).toEqual(new Set(FAULT_MODES));
  const targets = outages.map(({ target, feed }) => `${String(target)} ${feed ?? ''}`);
  expect(new Set(targets).size).toBe(targets.length);
  const statuses = outages.flatMap(({ status }) => status ?? []);
  expect(statuses).toEqual(expect.arrayContaining([401, 403, 404, 408, 429, 500, 503]));
  expect(outages.filter(({ status }) => status === 429).map((event) => event.retryAfterSeconds)).toContain(undefined);
});

test('a morning of broken feeds shows many causes at 9:15 and leaves suppliers well', async () => {
  const loaded = await loadScenario('broken-feeds');
  const now = (loaded.ok ? loaded.scenario.events : []).flatMap((event) =>
    event.type === 'feed-outage' && event.from <= '09:15' && event.to > '09:15' ? [event] : [],
  );
  const causes = new Set(now.map(({ mode, status, code }) => `${mode} ${status ?? ''} ${code ?? ''}`));
  expect(causes.size).toBeGreaterThanOrEqual(6);
  expect(now.map((event) => event.target)).not.toContain('maple-consult');
  expect(now.map((event) => event.target)).not.toContain('tarn-telephony');
});

test('an unknown name is answered with the names there are', async () => {
  const loaded = await loadScenario('no-such-day');
  expect(loaded).toMatchObject({ ok: false, faults: [expect.stringContaining('winter-monday')] });
});

test.each([
  ['an unknown event', "events: [{ type: earthquake, from: '08:00', to: '09:00', target: all }]"],
  ['a wrong time', "events: [{ type: hub-closed, from: '8am', to: '09:00', target: all }]"],
  ['a parameter too many', "events: [{ type: hub-closed, from: '08:00', to: '09:00', target: all, factor: 2 }]"],
  ['an end before its begin', "events: [{ type: hub-closed, from: '10:00', to: '09:00', target: all }]"],
  ['a share above one', "events: [{ type: staff-absence, from: '08:00', to: '09:00', target: 0.2, share: 1.4 }]"],
  ['no YAML at all', 'events: [{'],
])('a file with %s is refused with its path', async (_, events) => {
  const path = join(folder, 'bad.yaml');
  await writeFile(path, `id: bad\nname: Bad\ndescription: Bad\n${events}\n`);
  const loaded = await loadScenario(path);
  expect(loaded.ok).toBe(false);
  if (!loaded.ok) expect(loaded.faults.every((fault) => fault.startsWith(path))).toBe(true);
});

test("one's own file may replay a day and carry events", async () => {
  const path = join(folder, 'own.yaml');
  await writeFile(
    path,
    "id: own\nname: Own\ndescription: Own\ndate: '2026-01-05'\nreplay: { date: '2026-01-05' }\nevents:\n  - { type: surge, from: '08:00', to: '09:00', target: 0.5, factor: 1.5 }\n",
  );
  const loaded = await loadScenario(path);
  expect(loaded).toMatchObject({ ok: true, scenario: { replay: { date: '2026-01-05' }, events: [{ factor: 1.5 }] } });
});
