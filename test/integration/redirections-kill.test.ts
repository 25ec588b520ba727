import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR, fromInstant, toInstant } from '#shared/model/time.ts';
import type { Hubs } from '#shared/protocol/hubs.ts';
import type { OwnOffer, Redirection, Redirections } from '#shared/protocol/redirections.ts';
import type { RedirectionEvent } from '../../server/domain/redirection/record.ts';
import { startSystem } from '../support/running-system.ts';
import { until } from '../support/until.ts';

const LEADS = 50;
const LIMIT = 60_000;
/** A hub is asked every two minutes: sooner after a hold, where its supplier's quota has anything left for it. */
const POLLED = 150_000;

interface Told {
  readonly status: number;
  readonly body: Redirection;
}

/** Null: the server was gone before it could answer. */
async function ask(url: string, path: string, body?: object): Promise<Told | null> {
  try {
    const answer = await request(`${url}${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: { 'content-type': 'application/json', connection: 'close' },
      bodyTimeout: 20_000,
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Redirection };
  } catch {
    return null;
  }
}
const read = async <T>(url: string, path: string): Promise<T> => {
  const answer = await ask(url, path);
  if (answer?.status !== 200) throw new Error(`${path}: ${answer?.status ?? 'no answer'}`);
  return answer.body as T;
};

test('fifty leads at once and a kill in the middle: no slot is promised twice, none is lost, none held for ever', async () => {
  const system = await startSystem({
    args: ['--system', 'sefton', '--from', '2026-01-12T09:00', '--scenario', 'ordinary-monday', '--speed', '1'],
  });
  onTestFinished(async () => {
    await system.stop();
  });
  const { url } = system;
  let hubs: Hubs['hubs'] = [];
  await until(
    'every hub to have told its slots',
    async () => {
      const body = await read<Hubs>(url, '/api/hubs?place=south-sefton');
      hubs = body.hubs;
      return hubs.length > 1 && hubs.every(({ slots }) => (slots ?? []).some(({ free }) => free > 0));
    },
    LIMIT,
  );
  const { at } = await read<Redirections>(url, '/api/redirections');
  const { practices } = await read<Hubs>(url, '/api/hubs?place=south-sefton');
  /** Slots from an hour on, whoever has them. */
  const slotsOf = (all: Hubs['hubs']) =>
    new Map(
      all.map(({ id, slots }) => {
        const later = (slots ?? []).filter(({ start }) => start > fromInstant(at) + HOUR);
        return [id, later.reduce((sum, { free, booked, held }) => sum + free + (booked ?? 0) + (held ?? 0), 0)];
      }),
    );
  const before = slotsOf(hubs);

  const offers = Array.from({ length: LEADS }, (_, i): OwnOffer => ({
    ...{ key: randomUUID(), hub: hubs[i % hubs.length]?.id ?? '' },
    ...{ from: toInstant(fromInstant(at) + HOUR), to: toInstant(fromInstant(at) + 10 * HOUR) },
    shares: [{ practice: practices?.[i % practices.length]?.id ?? '', slots: 3 }],
  }));
  let answered = 0;
  const pid = system.pidOf('server');
  if (pid === null) throw new Error('there is no server');
  const answers = await Promise.all(
    offers.map(async (offer) => {
      const told = await ask(url, '/api/redirections', offer);
      if (told?.status === 200 && (answered += 1) === 3) process.kill(pid, 'SIGKILL');
      return told;
    }),
  );
  expect(answers).toContain(null);
  await until(
    'another server to answer',
    async () => {
      const now = system.pidOf('server');
      return now !== null && now !== pid && (await ask(url, '/api/health/ready'))?.status === 200;
    },
    LIMIT,
  );

  // Whoever got no answer asks again with the same key, as the screen does; whoever had one asks too, and gets the same.
  const again: (Told | null)[] = [];
  for (const offer of offers) again.push(await ask(url, '/api/redirections', offer));
  const held = again.flatMap((told) => (told?.status === 200 ? [told.body] : []));
  answers.forEach((first, i) => {
    if (first?.status === 200) expect(again[i]?.body.id).toBe(first.body.id);
  });
  for (const told of again) if (told?.status !== 200) expect(told?.status).toBe(409);
  expect(new Set(held.map(({ id }) => id)).size).toBe(held.length);
  const states = async () =>
    Promise.all(held.map(async ({ id }) => (await read<Redirection>(url, `/api/redirections/${id}`)).state));
  await until('every decision to be carried out', async () => !(await states()).includes('holding'), LIMIT);

  const handles = heldHandles(join(system.home, 'sefton/runs/*/redirections.jsonl'));
  expect(new Set(handles).size).toBe(handles.length);
  expect(handles).toHaveLength(held.length * 3);
  const hubsNow = async () => (await read<Hubs>(url, '/api/hubs?place=south-sefton')).hubs;
  const heldNow = async () =>
    (await hubsNow()).flatMap(({ slots }) => slots ?? []).reduce((sum, slot) => sum + (slot.held ?? 0), 0);
  await until('the hubs to say what we say', async () => (await heldNow()) === handles.length, POLLED);

  for (const { id } of held) {
    const { revision } = await read<Redirection>(url, `/api/redirections/${id}`);
    expect((await ask(url, `/api/redirections/${id}/release`, { key: randomUUID(), revision }))?.status).toBe(200);
  }
  await until('everything to be free again', async () => (await heldNow()) === 0, POLLED);
  expect(slotsOf(await hubsNow())).toEqual(before);
}, 480_000);

/** Slots that the ledger says were held, over the whole run. */
function heldHandles(files: string): string[] {
  return globSync(files)
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .flatMap((line) => {
      if (line === '') return [];
      const event = JSON.parse(line) as RedirectionEvent;
      return event.type === 'held' ? event.slots.map(({ handle }) => handle) : [];
    });
}
