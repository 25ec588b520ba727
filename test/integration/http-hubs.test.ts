import { Value } from 'typebox/value';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { fromInstant, HOUR, MINUTE, toInstant } from '#shared/model/time.ts';
import { HubsSchema } from '#shared/protocol/hubs.ts';
import { heardBoard } from '../../server/board/board-fixture.ts';
import { outcome, reading, slotGroup, testDefinition } from '../../server/board/fixture.ts';
import { createReplayHouse } from '../../server/replay/house.ts';
import { createStudio } from '../../server/replay/studio.ts';
import { smallDefinition } from '../support/definition.ts';
import { MONDAY_8AM } from '../support/memory-board.ts';
import { countingBoard, createMemoryRecording } from '../support/recorded-memory.ts';
import { startServer } from '../support/server.ts';

const at = (time: string) => fromInstant(`2026-01-12T${time}:00Z`);
const PRACTICE = 'p0-0-0';

/** Two places with a hub each; the second hub has gone silent. */
async function setUp() {
  const heard = heardBoard(testDefinition({ places: 2, neighbourhoods: 1, practices: 2 }), '2026-01-12T09:00:00Z');
  const { clock } = heard;
  const slots = (site: string, ...groups: ReturnType<typeof slotGroup>[]) =>
    outcome(`slots:${site}`, clock.now(), { slots: [{ site, groups }] });
  heard.hear(slots('hub1', slotGroup(at('12:00'), 4, 8)));
  clock.forward(14 * MINUTE);
  heard.hear(
    slots('hub0', slotGroup(at('08:15'), 1, 1), slotGroup(at('10:00'), 2, 1), slotGroup(at('11:15'), 3, 0)),
    slots(PRACTICE, slotGroup(at('10:00'), 0, 6)),
    outcome('phones', clock.now(), { readings: [reading(PRACTICE, 'calls.answered', 40)] }),
  );
  clock.forward(2 * MINUTE);
  heard.board.tick();
  const server = await startServer(heard.board, { slots: heard.board, clock });
  const get = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await request(`${server.url}/api/hubs${query}`, { headers });
    const text = await answer.body.text();
    return { status: answer.statusCode, etag: String(answer.headers['etag']), text };
  };
  const hubs = async (query: string) => Value.Parse(HubsSchema, JSON.parse((await get(query)).text));
  return { heard, get, hubs };
}

it('tells the hubs of a place slot by slot, and what its practices lack', async () => {
  const { hubs } = await setUp();
  const { place, agreed, hubs: told, practices } = await hubs('?place=n0-0');
  expect([place, agreed, told.map(({ id }) => id)]).toEqual(['n0-0', 60, ['hub0']]);
  expect(told[0]).toMatchObject({
    parent: 'place0',
    open: true,
    opening: { from: at('08:00'), to: at('20:00') },
    feed: { id: 'slots:hub0', state: 'ok', observedAt: toInstant(at('09:14')) },
    last: null,
  });
  const ahead = told[0]?.slots?.filter(({ start }) => start >= at('09:16')) ?? [];
  expect(told[0]?.metrics['slots.free']?.value).toBe(ahead.reduce((sum, { free }) => sum + free, 0));
  expect(told[0]?.slots?.map(({ start, free, booked }) => [start, free, booked])).toEqual([
    [at('08:15'), 1, 1],
    [at('10:00'), 2, 1],
    [at('11:15'), 3, 0],
  ]);
  expect(practices?.map(({ id }) => id)).toEqual([PRACTICE, 'p0-0-1']);
  expect(practices?.[0]?.metrics['practices.without-slots']).toMatchObject({ value: 1 });
  expect(practices?.[1]?.metrics['patients.without-slot']).toMatchObject({ value: null, absence: 'not-reported' });
});

it('keeps what a silent hub last said apart from what is known', async () => {
  const { hubs } = await setUp();
  const { hubs: told, practices } = await hubs('');
  const silent = told.find(({ id }) => id === 'hub1');
  expect(practices).toBeNull();
  expect(silent).toMatchObject({ slots: null, hours: [], feed: { state: 'ok' } });
  expect(silent?.metrics['slots.free']).toMatchObject({ value: null, detail: 'stale', last: { value: 4 } });
  expect(silent?.last).toMatchObject({ observedAt: toInstant(at('09:00')), slots: [{ start: at('12:00'), free: 4 }] });
});

it('leaves single slots out where only hours are asked for', async () => {
  const { hubs } = await setUp();
  const [hub] = (await hubs('?view=hours')).hubs;
  expect([hub?.slots, hub?.last]).toEqual([null, null]);
  expect(hub?.hours.map(({ from, free, booked }) => [from, free, booked])).toEqual([
    [at('08:00'), 0, 1],
    [at('10:00'), 2, 1],
    [at('11:00'), 3, 0],
  ]);
});

it('answers 304 to its own tag until something of it changes, whatever else the board hears', async () => {
  const { heard, get } = await setUp();
  const { etag } = await get('?place=place0');
  heard.hear(outcome('phones', heard.clock.now(), { readings: [reading('p1-0-0', 'calls.waiting', 9)] }));
  expect(await get('?place=place0', { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' });
  heard.hear(
    outcome('slots:hub0', heard.clock.now(), { slots: [{ site: 'hub0', groups: [slotGroup(at('10:00'), 1, 2)] }] }),
  );
  expect((await get('?place=place0', { 'if-none-match': etag })).status).toBe(200);
});

it('refuses a unit that there is not, and what it does not know', async () => {
  const { get } = await setUp();
  expect(await get('?place=nowhere')).toMatchObject({ status: 404, text: expect.stringContaining('UNKNOWN_UNIT') });
  expect(await get('?view=weeks')).toMatchObject({ status: 400, text: expect.stringContaining('BAD_INPUT') });
});

it('tells of the past the hours, as they were recorded, and no single slots', async () => {
  const recording = createMemoryRecording();
  const { board } = countingBoard(20, recording);
  const hour = { from: MONDAY_8AM + HOUR, free: 3, booked: 5, held: 1 };
  board.change([{ id: 'HUB1', slotHours: [hour] }]);
  const then = toInstant(board.at);
  board.change([{ id: 'HUB1', slotHours: [] }]);
  const house = createReplayHouse({
    ...{ studio: createStudio(recording), recorded: recording },
    ...{ definition: smallDefinition(), simulated: true },
  });
  const server = await startServer(board, { ...house });
  const { body } = await request(`${server.url}/api/hubs?at=${then}`);
  const { hubs } = Value.Parse(HubsSchema, await body.json());
  expect(hubs).toMatchObject([{ id: 'HUB1', hours: [hour], slots: null, last: null }]);
});
