import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { smallDefinition } from '../../test/support/definition.ts';
import { MONDAY_8AM } from '../../test/support/memory-board.ts';
import { countingBoard, createMemoryRecording } from '../../test/support/recorded-memory.ts';
import { boardShown, valueShown } from '../../test/support/replay-shown.ts';
import type { Commit } from '../domain/ports.ts';
import { createReplay } from './replay.ts';
import { createStudio } from './studio.ts';

/** A replay whose real time the test moves; a step of real time is a tick, with what it asks for answered. */
function play(revisions: number, recording = createMemoryRecording()) {
  const recorded = countingBoard(revisions, recording);
  let real = 0;
  const studio = createStudio(recorded.recording, () => real);
  const own = { definition: smallDefinition(), simulated: true, studio, player: 1 };
  const replay = createReplay({ ...own, monotonic: () => real });
  const view = replay.view('small', 'full');
  const commits: (Commit & { readonly told: string | null })[] = [];
  replay.onCommit((commit) => commits.push({ ...commit, told: view.patch(commit) }));
  /** What it has asked the recording for arrives. */
  const settle = async () => {
    for (let i = 0; i < 10; i += 1) await turn();
  };
  const pass = async (ms: number) => {
    await settle();
    for (let gone = 0; gone < ms; gone += 200) {
      real += 200;
      replay.tick();
      await settle();
    }
  };
  const value = () => valueShown(replay);
  return { ...recorded, replay, studio, commits, pass, value };
}

describe('a replay', () => {
  it('shows nothing before its first jump, and then the board of that time', async () => {
    const { replay, value } = play(50);
    expect(replay.epoch).toBe('');
    await replay.steer({ at: MONDAY_8AM + 1050, speed: 0 });
    expect(await value()).toBe(9);
    expect(replay.at).toBe(MONDAY_8AM + 1000);
    expect(replay.clock.now()).toBe(MONDAY_8AM + 1050);
    replay.end();
  });

  it('runs at its speed: every tick one revision with all that came meanwhile', async () => {
    const { replay, commits, pass, value } = play(2000);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    const first = replay.seq;
    await pass(1000);
    expect(await value()).toBe(9);
    expect(commits.map((c) => c.seq)).toEqual([1, 2, 3, 4, 5].map((i) => first + i));
    await replay.steer({ speed: 100 });
    await pass(1000);
    expect(replay.clock.now()).toBe(MONDAY_8AM + 101_000);
    expect(await value()).toBe(1009);
    expect(JSON.parse(`{${commits.at(-1)?.told ?? ''}}`)).toEqual({
      units: [{ id: 'P1', score: 9, metrics: { 'calls.waiting': { value: 1009, absence: null, observedAt: null } } }],
      removed: [],
      feeds: [{ id: 'telephony-test', latencyMs: 1009 }],
    });
    replay.end();
  });

  it('patches fold to the same board as a jump to the same time', async () => {
    const one = play(300);
    const other = play(300);
    await one.replay.steer({ at: MONDAY_8AM, speed: 7 });
    await one.pass(4000);
    await other.replay.steer({ at: one.replay.clock.now(), speed: 0 });
    expect(one.replay.seq).toBeGreaterThan(other.replay.seq);
    expect(await boardShown(one.replay)).toEqual(await boardShown(other.replay));
    one.replay.end();
    other.replay.end();
  });

  it('stands still while paused, tells the new speed, and goes on from there', async () => {
    const { replay, commits, pass } = play(500);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    await pass(400);
    await replay.steer({ speed: 0 });
    const { length } = commits;
    expect(commits.at(-1)?.told).toBe('"units":[],"removed":[],"feeds":[]');
    const at = replay.clock.now();
    await pass(5000);
    expect([replay.clock.now(), replay.clock.speed, commits.length]).toEqual([at, 0, length]);
    await replay.steer({ speed: 2 });
    await pass(1000);
    expect(replay.clock.now()).toBe(at + 2000);
    replay.end();
  });

  it('begins a new epoch with every jump, with numbers that go on rising', async () => {
    const { replay, pass } = play(500);
    const seen: [string, number][] = [];
    replay.onJump(() => seen.push([replay.epoch, replay.seq]));
    await replay.steer({ at: MONDAY_8AM + 5000 });
    await pass(600);
    const before = replay.seq;
    await replay.steer({ at: MONDAY_8AM + 1000 });
    expect(new Set(seen.map(([epoch]) => epoch)).size).toBe(2);
    expect(replay.seq).toBeGreaterThan(before);
    expect(replay.commitsSince(before)).toBeNull();
    replay.end();
  });

  it('of several wishes at once shows the newest', async () => {
    const { replay, value } = play(500);
    await Promise.all([1000, 2000, 3000, 4000].map((ms) => replay.steer({ at: MONDAY_8AM + ms, speed: 0 })));
    expect(await value()).toBe(39);
    replay.end();
  });

  it('stands still at the end of the recording and says so, and goes on when steered back', async () => {
    const { replay, pass, value } = play(20);
    await replay.steer({ at: MONDAY_8AM, speed: 10 });
    await pass(10_000);
    expect(await value()).toBe(19);
    expect([replay.clock.now(), replay.clock.speed]).toEqual([MONDAY_8AM + 2000, 0]);
    expect(replay.trouble()).toEqual(['The recording ends here, at 8:00:02am on 23 November 2026.']);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    expect(replay.trouble()).toEqual([]);
    replay.end();
  });

  it('follows a recording that is still being made', async () => {
    const { replay, pass, value, count } = play(20);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    await pass(3000);
    count(30);
    await pass(4000);
    expect(await value()).toBe(49);
    expect(replay.trouble()).toEqual([]);
    replay.end();
  });

  it('goes on after a gap, in a new epoch, and says what was not recorded', async () => {
    const { replay, pass, value, board, recording, count } = play(10);
    recording.off = true;
    for (let i = 0; i < 3000; i += 1) board.change([]);
    recording.off = false;
    recording.begin(board);
    count(100);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    const { epoch } = replay;
    await pass(4000);
    expect(replay.epoch).not.toBe(epoch);
    expect(replay.clock.now()).toBeGreaterThan(MONDAY_8AM + 301_000);
    expect(await value()).toBeGreaterThan(3009);
    expect(replay.clock.speed).toBe(1);
    expect(replay.trouble()).toEqual([
      'Nothing was recorded between 8:00:01am and 8:05:01am on 23 November 2026: the replay has gone on after it.',
    ]);
    replay.end();
  });

  it('stands still while the recording cannot be read, says so, and goes on by itself', async () => {
    const { replay, pass, recording, value } = play(600);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    recording.away = Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' });
    await pass(55_000);
    // What had been read ahead was shown.
    const stood = replay.clock.now();
    expect(stood).toBeLessThan(MONDAY_8AM + 50_000);
    expect(replay.trouble()).toEqual(['The recording cannot be read just now: the replay stands still.']);
    recording.away = null;
    await pass(3000);
    expect(replay.clock.now()).toBeGreaterThan(stood + 1000);
    expect(await value()).toBe(Math.floor((replay.clock.now() - MONDAY_8AM) / 100) - 1);
    expect(replay.trouble()).toEqual([]);
    replay.end();
  });

  it('is put together anew where the studio has lost it, says so meanwhile, and goes on', async () => {
    const { replay, studio, pass, value } = play(600);
    await replay.steer({ at: MONDAY_8AM, speed: 1 });
    await pass(1000);
    const { epoch } = replay;
    studio.end(1);
    await pass(200);
    expect(replay.trouble()).toEqual(['The recording cannot be read just now: the replay stands still.']);
    const stood = replay.clock.now();
    await pass(2000);
    expect(replay.epoch).not.toBe(epoch);
    expect(replay.clock.now()).toBeGreaterThan(stood);
    expect(await value()).toBe(Math.floor((replay.clock.now() - MONDAY_8AM) / 100) - 1);
    expect(replay.trouble()).toEqual([]);
    replay.end();
  });

  it('refuses a time at which nothing was recorded, and stays where it was', async () => {
    const { replay, pass, value } = play(100);
    await replay.steer({ at: MONDAY_8AM + 1000, speed: 0 });
    await expect(replay.steer({ at: MONDAY_8AM - 1 })).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await expect(replay.steer({ at: MONDAY_8AM + 3_600_000 })).rejects.toThrow('ends at 8:00:10am');
    await pass(1000);
    expect(await value()).toBe(9);
    replay.end();
  });

  it('does nothing more once it has ended, even if an answer comes late', async () => {
    const { replay, commits, pass } = play(100);
    const late = replay.steer({ at: MONDAY_8AM, speed: 1 });
    replay.end();
    await late;
    await pass(1000);
    expect([replay.epoch, commits]).toEqual(['', []]);
  });
});
