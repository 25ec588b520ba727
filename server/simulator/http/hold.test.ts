import { describe, expect, test } from 'vitest';
import { BASE, HOLD, hold, HUB, release, startHub, two, UNTIL, type Bundle, type Outcome } from './hold-sample.ts';

describe('holding slots', () => {
  test('a hold is answered with the new version, shows as tentative to everybody, and says whose it is by id', async () => {
    const sample = await startHub();
    const [a, b] = await two(sample);
    const answer = await sample.send(hold(a), hold(b));
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ resourceType: 'Bundle', type: 'transaction-response' });
    expect((answer.json() as Bundle).entry.map(({ response }) => response.etag)).toEqual(
      [a, b].map((slot) => `W/"${String(Number(slot.meta.versionId) + 1)}"`),
    );
    expect((await sample.free()).map((slot) => slot.id)).not.toContain(a.id);
    const busy = (await sample.search('busy')).find((slot) => slot.id === a.id);
    expect(busy).toMatchObject({ status: 'busy-tentative', meta: { versionId: String(Number(a.meta.versionId) + 1) } });
    const [held] = await sample.look(a);
    expect(held).toMatchObject({ id: a.id, status: 'busy-tentative', start: a.start });
    expect(held?.extension?.[0]).toEqual({
      url: HOLD,
      extension: [
        { url: 'key', valueString: 'k1' },
        { url: 'until', valueInstant: UNTIL },
        { url: 'for', valueString: 'S10001' },
        { url: 'need', valueCode: 'urgent' },
      ],
    });
  });

  test('all or nothing: one stale version in two, and neither is held; the bad one is named', async () => {
    const sample = await startHub();
    const [a, b] = await two(sample);
    const answer = await sample.send(hold(a), hold({ ...b, meta: { versionId: '7' } }));
    expect(answer.status).toBe(412);
    const outcome = answer.json() as Outcome;
    expect(outcome.resourceType).toBe('OperationOutcome');
    expect(outcome.issue.map((issue) => issue.expression)).toEqual([['Bundle.entry[1]']]);
    expect((await sample.look(a, b)).map((slot) => slot.status)).toEqual(['free', 'free']);
  });

  test('of two who want one slot, one has it; asked again, the first is refused too and finds its own key', async () => {
    const sample = await startHub();
    const [a] = await two(sample);
    const answers = await Promise.all(['k1', 'k2', 'k3'].map((key) => sample.send(hold(a, key))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
    expect((await sample.send(hold(a, 'k1'))).status).toBe(412);
    const [held] = await sample.look(a);
    expect(held?.meta.versionId).toBe(String(Number(a.meta.versionId) + 1));
  });

  test('only who holds a slot can free it; then it is free to hold again', async () => {
    const sample = await startHub();
    const [a, b] = await two(sample);
    await sample.send(hold(a));
    const [held] = await sample.look(a);
    if (!held) throw new Error('gone');
    expect((await sample.send(release(held, 'k2'))).status).toBe(412);
    expect((await sample.send(release(b))).status).toBe(412);
    expect((await sample.send(release(held))).status).toBe(200);
    const [freed] = await sample.look(a);
    expect(freed).toMatchObject({ status: 'free', meta: { versionId: String(Number(a.meta.versionId) + 2) } });
    expect(freed?.extension).toBeUndefined();
    expect((await sample.free()).map((slot) => slot.id)).toContain(a.id);
    if (freed) expect((await sample.send(hold(freed, 'k2'))).status).toBe(200);
  });

  test('a hold that nobody uses is over when its time is', async () => {
    const sample = await startHub();
    const [, last] = await two(sample);
    const other = hold(last);
    other.resource.extension[0]?.extension.splice(2, 1, { url: 'for', valueString: 'NOBODY' });
    expect((await sample.send(other)).status).toBe(200);
    sample.clock.set('2026-01-12T10:59:59.000Z');
    expect((await sample.look(last))[0]).toMatchObject({ status: 'busy-tentative' });
    sample.clock.set(UNTIL);
    const [slot] = await sample.look(last);
    expect(slot?.extension).toBeUndefined();
    expect(slot?.meta.versionId).not.toBe('2');
  });

  test('only who holds a slot can hold it longer: its time moves, and nothing else', async () => {
    const sample = await startHub();
    const [, slot] = await two(sample);
    const forNobody = (given: typeof slot, key: string, until: string) => {
      const asked = hold(given, key);
      const parts = [
        { url: 'until', valueInstant: until },
        { url: 'for', valueString: 'NOBODY' },
      ];
      asked.resource.extension[0]?.extension.splice(1, 2, ...parts);
      return asked;
    };
    await sample.send(forNobody(slot, 'k1', UNTIL));
    sample.clock.set('2026-01-12T10:50:00.000Z');
    const [held] = await sample.look(slot);
    if (!held) throw new Error('gone');
    expect((await sample.send(forNobody(held, 'k2', '2026-01-12T11:20:00.000Z'))).status).toBe(412);
    expect((await sample.send(forNobody(held, 'k1', '2026-01-12T11:20:00.000Z'))).status).toBe(200);
    sample.clock.set('2026-01-12T11:19:59.000Z');
    const [longer] = await sample.look(slot);
    expect(longer).toMatchObject({ status: 'busy-tentative', meta: held.meta });
    expect(longer?.extension?.[0]?.extension).toContainEqual({
      url: 'until',
      valueInstant: '2026-01-12T11:20:00.000Z',
    });
    sample.clock.set('2026-01-12T11:20:00.000Z');
    expect((await sample.look(slot))[0]?.extension).toBeUndefined();
  });

  test('a slot that has begun, one that somebody has, and one before the book opens cannot be held', async () => {
    const sample = await startHub('2026-01-12T12:20:00.000Z');
    const begun = (await sample.search('free')).find(
      (slot) => Date.parse(slot.start) < Date.parse('2026-01-12T12:20:00Z'),
    );
    const [busy] = (await sample.search('busy')).filter((slot) => slot.status === 'busy');
    for (const slot of [begun, busy]) {
      if (!slot) throw new Error('no such slot');
      const asked = hold(slot);
      asked.resource.extension[0]?.extension.splice(1, 1, { url: 'until', valueInstant: '2026-01-12T20:00:00Z' });
      expect((await sample.send(asked)).status).toBe(412);
    }
    sample.clock.set('2026-01-12T00:05:00.000Z');
    const [a] = await sample.free();
    if (a) expect((await sample.send(hold(a))).status).toBe(412);
  });

  test('what was booked out of a hold is busy under its extension, and an appointment of that slot', async () => {
    const sample = await startHub('2026-01-12T10:20:00.000Z');
    const free = (await sample.free()).filter((slot) => slot.start > '2026-01-12T12:30');
    const codes = Array.from({ length: 12 }, (_, i) => `S${String(10_001 + i)}`);
    const entries = free.slice(0, 40).map((slot, i) => {
      const one = hold(slot);
      const parts = one.resource.extension[0]?.extension;
      parts?.splice(1, 2, { url: 'until', valueInstant: '2026-01-12T18:00:00Z' });
      parts?.push({ url: 'for', valueString: codes[i % codes.length] ?? '' });
      return one;
    });
    expect((await sample.send(...entries)).status).toBe(200);
    sample.clock.set('2026-01-12T12:00:00.000Z');
    const slots = await sample.look(...free.slice(0, 40));
    const booked = slots.filter((slot) => slot.status === 'busy');
    expect(booked.length).toBeGreaterThan(0);
    for (const slot of booked) expect(slot.extension?.[0]?.url).toBe(HOLD);
    const path = `${BASE}/Appointment?slot=${slots.map((slot) => slot.id).join(',')}`;
    const bundle = (await sample.get(path, HUB)).json() as {
      entry: { resource: { status: string; slot: { reference: string }[] } }[];
    };
    const standing = bundle.entry.filter(({ resource }) => resource.status !== 'cancelled');
    expect(standing.map(({ resource }) => resource.slot[0]?.reference).sort()).toEqual(
      booked.map((slot) => `Slot/${slot.id}`).sort(),
    );
    expect(new Set(bundle.entry.map(({ resource }) => Object.keys(resource).sort().join()))).toEqual(
      new Set(['end,id,resourceType,slot,start,status']),
    );
  });

  test('on the day of the clock change a hold ends at its instant', async () => {
    const sample = await startHub('2026-03-29T08:00:00.000Z');
    const [, last] = await two(sample);
    const asked = hold(last);
    asked.resource.extension[0]?.extension.splice(1, 2, { url: 'until', valueInstant: '2026-03-29T09:30:00+01:00' });
    asked.resource.extension[0]?.extension.push({ url: 'for', valueString: 'NOBODY' });
    expect((await sample.send(asked)).status).toBe(200);
    sample.clock.set('2026-03-29T08:29:59.000Z');
    expect((await sample.look(last))[0]?.extension).toBeDefined();
    sample.clock.set('2026-03-29T08:30:00.000Z');
    expect((await sample.look(last))[0]?.extension).toBeUndefined();
  });
});
