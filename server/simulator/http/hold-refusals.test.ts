import { describe, expect, test } from 'vitest';
import { memoryLog } from '../outside-log.ts';
import {
  BASE,
  entry,
  hold,
  HUB,
  startHub,
  transaction,
  two,
  UNTIL,
  type Bundle,
  type Resource,
} from './hold-sample.ts';
import { BARS } from './running-sample.ts';

describe('requests that are refused', () => {
  test.each<[string, number, (slot: Resource) => unknown]>([
    ['no Bundle', 400, () => ({})],
    ['another type of Bundle', 400, (slot) => ({ ...transaction(hold(slot)), type: 'batch' })],
    ['no entry', 400, () => transaction()],
    ['more than a hundred', 400, (slot) => transaction(...Array.from({ length: 101 }, () => hold(slot)))],
    ['the same slot twice', 400, (slot) => transaction(hold(slot), hold(slot))],
    ['no version', 400, (slot) => transaction({ ...hold(slot), request: { method: 'PUT', url: `Slot/${slot.id}` } })],
    [
      'another’s address',
      400,
      (slot) => transaction({ ...hold(slot), request: { ...hold(slot).request, url: 'Slot/x' } }),
    ],
    ['no key', 400, (slot) => transaction(hold(slot, ''))],
    ['a status of its own', 400, (slot) => transaction(entry(slot, 'busy', 'k1'))],
    ['a slot of nowhere', 404, (slot) => transaction(hold(slot), hold({ ...slot, id: 'slot-0' }))],
  ])('%s', async (_, status, made) => {
    const sample = await startHub();
    const [a] = await two(sample);
    const answer = await sample.post(BASE, made(a), HUB);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    expect((await sample.look(a))[0]).toMatchObject({ status: 'free', meta: a.meta });
    expect(sample.faults).toEqual([]);
  });

  test('an end that has passed is malformed', async () => {
    const sample = await startHub();
    const [a] = await two(sample);
    sample.clock.set(UNTIL);
    expect((await sample.send(hold(a))).status).toBe(400);
  });

  test('headers are checked as in a search; practices and suppliers of other standards let nobody hold', async () => {
    const sample = await startHub();
    const [a] = await two(sample);
    const body = transaction(hold(a));
    expect((await sample.post(BASE, body)).status).toBe(400);
    expect((await sample.post(BASE, body, BARS)).status).toBe(404);
    expect((await sample.post('/alder-clinical/S10001/FHIR/R4', body, BARS)).status).toBe(405);
    expect((await sample.post('/birch-systems/S10001/FHIR/R4', body, BARS)).status).toBe(405);
    expect((await sample.post('/cedar-booking/NOBODY/FHIR/R4', body, HUB)).status).toBe(404);
    expect((await sample.get(`${BASE}/Slot?_id=${a.id}`)).status).toBe(400);
    expect((await sample.get(`${BASE}/Appointment?slot=${a.id}`)).status).toBe(400);
  });

  test('through the proxy the target is named by the header alone', async () => {
    const sample = await startHub();
    const [a] = await two(sample);
    const proxy = '/cedar-booking/FHIR/R4';
    expect((await sample.post(proxy, transaction(hold(a)), HUB)).status).toBe(200);
    const bundle = (await sample.get(`${proxy}/Slot?_id=${a.id}`, HUB)).json() as Bundle;
    expect(bundle.entry[0]?.resource).toMatchObject({ id: a.id, status: 'busy-tentative' });
    expect((await sample.get(`${proxy}/Appointment?slot=${a.id}`, HUB)).json()).toMatchObject({ total: 0 });
  });
});

describe('a booking system in trouble', () => {
  const outage = (mode: 'status' | 'half-json' | 'stale-cache') =>
    ({ type: 'feed-outage', from: '09:10', to: '09:30', target: 'cedar-booking', mode }) as const;

  test.each([
    ['status', 'free'],
    ['half-json', 'busy-tentative'],
    ['stale-cache', 'busy-tentative'],
  ] as const)('with %s a slot asked for is %s afterwards', async (mode, status) => {
    const sample = await startHub('2026-01-12T09:00:00.000Z', [outage(mode)]);
    const slots = await sample.free();
    sample.clock.set('2026-01-12T09:15:00.000Z');
    for (const slot of slots.slice(-6)) await sample.send(hold(slot)).then((answer) => answer.text);
    sample.clock.set('2026-01-12T09:30:00.000Z');
    const after = await sample.look(...slots.slice(-6));
    expect(after.map((slot) => slot.status)).toContain(status);
    if (status === 'free') expect(after.every((slot) => slot.extension === undefined)).toBe(true);
  });

  test('a disk that takes nothing: the caller is told, and nothing is held', async () => {
    const log = {
      ...memoryLog(),
      append: () => {
        throw new Error('ENOSPC');
      },
    };
    const sample = await startHub('2026-01-12T09:20:00.000Z', [], log);
    const [a] = await two(sample);
    expect((await sample.send(hold(a))).status).toBe(500);
    expect((await sample.look(a))[0]).toMatchObject({ status: 'free', meta: a.meta });
    expect(sample.faults).toHaveLength(1);
  });
});
