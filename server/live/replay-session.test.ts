import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { toInstant } from '#shared/model/time.ts';
import type { LiveFrame } from '#shared/protocol/live.ts';
import { smallDefinition } from '../../test/support/definition.ts';
import { fold } from '../../test/support/live-clients.ts';
import { createMemoryBoard, MONDAY_8AM } from '../../test/support/memory-board.ts';
import { countingBoard } from '../../test/support/recorded-memory.ts';
import { unitsShown } from '../../test/support/replay-shown.ts';
import { until } from '../../test/support/until.ts';
import type { Replay, Replays } from '../domain/replay/player.ts';
import { createReplay, type TickedReplay } from '../replay/replay.ts';
import { createStudio } from '../replay/studio.ts';
import { createHub } from './hub.ts';
import { understand } from './requests.ts';

/** A client of a replay whose line the test opens and shuts, and whose time the test moves. */
function setUp() {
  const { recording } = countingBoard(3000);
  const opened: TickedReplay[] = [];
  let real = 0;
  const replays: Replays = {
    count: 0,
    open(): Replay {
      const studio = createStudio(recording, () => real);
      const own = { definition: smallDefinition(), simulated: true, studio, player: 1 };
      const made = createReplay({ ...own, monotonic: () => real });
      onTestFinished(() => made.end());
      opened.push(made);
      return made;
    },
  };
  const clock = { now: () => MONDAY_8AM, speed: 1, simulated: true, realMsUntil: () => 0 };
  const hub = createHub({
    ...{ board: createMemoryBoard(smallDefinition()), clock, build: 'test', open: null, trouble: () => [], replays },
    ...{ limits: { guardBytes: 4000, paceBytes: 500, partBytes: 900 }, monotonic: () => real },
  });
  const waiting: string[] = [];
  const got: LiveFrame[] = [];
  const session = hub.connect({
    actor: { id: 'someone', role: 'local-operator', tier: 'all' },
    waiting: () => waiting.reduce((sum, text) => sum + text.length, 0),
    send: (text) => void waiting.push(text),
    end: () => undefined,
  });
  /** Lets everything through. */
  const take = () => {
    while (waiting.length > 0) {
      got.push(JSON.parse(waiting.shift() ?? '') as LiveFrame);
      session.drained();
    }
  };
  const pass = async (ticks: number) => {
    for (let i = 0; i < ticks; i += 1) {
      real += 200;
      opened[0]?.tick();
      // What it has asked the studio for arrives.
      for (let turns = 0; turns < 10; turns += 1) await turn();
    }
  };
  return {
    hub,
    session,
    waiting,
    got,
    take,
    pass,
    opened,
    ask: (request: object) => session.receive(understand(request)),
  };
}

it('a client of a replay that cannot keep up gets one snapshot once it can, and no queue before', async () => {
  const { session, waiting, got, take, pass, opened, ask } = setUp();
  ask({ type: 'replay', stream: 'r', at: toInstant(MONDAY_8AM), speed: 1 });
  ask({ type: 'subscribe', scope: 'small', stream: 'r' });
  await until('the first part', () => waiting.length > 0);
  take();
  await until('more than it can take', async () => {
    await pass(1);
    return session.stale;
  });
  const most = waiting.reduce((sum, text) => sum + text.length, 0);
  await pass(20);
  expect(waiting.reduce((sum, text) => sum + text.length, 0)).toBe(most);
  take();
  expect(session.stale).toBe(false);
  await pass(1);
  take();
  await pass(1);
  take();
  const replay = opened[0];
  expect(got.filter((f) => f.type === 'snapshot' && f.part.index === 0)).toHaveLength(2);
  expect(fold(got)).toMatchObject({ seq: replay?.seq, epoch: replay?.epoch, units: await unitsShown(replay) });
});

it('a snapshot that is under way when somebody jumps is left for that of the new moment', async () => {
  const { waiting, got, take, pass, opened, ask } = setUp();
  ask({ type: 'replay', stream: 'r', at: toInstant(MONDAY_8AM), speed: 0 });
  ask({ type: 'subscribe', scope: 'small', stream: 'r' });
  await until('the first part', () => waiting.length > 0);
  const { epoch } = opened[0] ?? { epoch: '' };
  ask({ type: 'replay', stream: 'r', at: toInstant(MONDAY_8AM + 5000) });
  await until('the jump', () => opened[0]?.epoch !== epoch);
  await pass(1);
  take();
  const after = got.filter((f) => f.type === 'snapshot' && f.epoch !== epoch);
  expect(fold(after).units).toEqual(await unitsShown(opened[0]));
});

it('ends with its session, whoever closes it', async () => {
  const { hub, session, opened, ask, pass } = setUp();
  ask({ type: 'replay', stream: 'r', at: toInstant(MONDAY_8AM), speed: 1 });
  await until('its begin', () => (opened[0]?.epoch ?? '') !== '');
  hub.disconnect(session);
  const { seq } = opened[0] ?? { seq: -1 };
  await pass(10);
  expect(opened[0]?.seq).toBe(seq);
});
