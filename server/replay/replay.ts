import { randomUUID } from 'node:crypto';
import type { Definition } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../domain/ports.ts';
import type { Replay, Wish } from '../domain/replay/player.ts';
import { sayEnd, sayGap, UNREADABLE } from '../domain/replay/words.ts';
import type { Loader, PastBoard } from './load.ts';
import { createReel, type Reel } from './reel.ts';
import { createReplayClock } from './replay-clock.ts';
import { createStage } from './stage.ts';

const TICK_MS = 200;
/** A gap that was jumped is said for so much real time. */
const GAP_SAID_MS = 15_000;
/** So much real time without anything newer, and the recording has ended: it is written every few seconds. */
const END_AFTER_MS = 4000;

export interface ReplayDeps {
  readonly definition: Definition;
  readonly simulated: boolean;
  readonly loader: Loader;
  /** Real milliseconds. */
  readonly monotonic?: () => number;
  readonly onEnd?: () => void;
}

/** A replay that also can be told by hand that time has passed. */
export interface TickedReplay extends Replay {
  /** What its timer does. */
  tick(): void;
}

/** A board of the past that runs on. One timer of real time, from the first jump to `end`. */
export function createReplay(deps: ReplayDeps): TickedReplay {
  const { loader } = deps;
  const monotonic = deps.monotonic ?? (() => performance.now());
  const clock = createReplayClock(deps.simulated, monotonic);
  const stage = createStage();
  const listeners = new Set<(commit: Commit) => void>();
  const jumps = new Set<() => void>();
  let reel: Reel | null = null;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  /** Since when it has stood still for want of anything newer; real time. */
  let waitingSince: number | null = null;
  let gap: { readonly text: string; readonly until: number } | null = null;
  let note = '';

  const emit = (commit: Commit) => {
    for (const listener of listeners) listener(commit);
  };
  function put(past: PastBoard, at: EpochMs, speed: number): void {
    reel?.stop();
    const tape = createReel({
      ...{ loader, stretch: past.stretch, start: past, monotonic },
      onRead: () => clock.limit(Math.max(tape.known, clock.now())),
    });
    reel = tape;
    stage.set(past.shadow, past.at, `replay-${randomUUID()}`);
    clock.put(at, speed);
    // Nothing passes before it is known.
    clock.limit(at);
    if (speed > 0) tape.wind(at, speed);
    waitingSince = null;
    note = '';
    timer ??= setInterval(tick, TICK_MS);
    for (const jump of jumps) jump();
  }
  const steering = createSteering(async ({ at, speed }) => {
    if (at === undefined) {
      if (speed === undefined || reel === null || ended) return;
      clock.put(clock.now(), speed);
      clock.limit(Math.max(reel.known, clock.now()));
      if (speed > 0) reel.wind(clock.now(), speed);
      note = '';
      waitingSince = null;
      emit(stage.advance(reel.take(clock.now())));
      return;
    }
    const past = await loader.at(at);
    if (ended) return;
    gap = null;
    put(past, at, speed ?? (reel === null ? 1 : clock.speed));
  });

  /** Stands still for good, or until somebody steers on; says so with a revision of its own. */
  function stand(text: string): void {
    clock.put(clock.now(), 0);
    note = text;
    emit(stage.advance(reel?.take(clock.now()) ?? []));
  }
  function jumpGap(from: EpochMs, to: EpochMs): void {
    const speed = clock.speed;
    clock.put(clock.now(), 0);
    void steering.go({ at: to, speed }).then(
      () => {
        gap = { text: sayGap(from, to), until: monotonic() + GAP_SAID_MS };
        if (!ended) emit(stage.advance([]));
      },
      () => stand(UNREADABLE),
    );
  }
  /** Everything that is known has been shown. */
  function atTheEdge({ after, known }: Reel): void {
    if (after.type === 'gap') return jumpGap(known, after.next.from);
    if (after.type === 'unreadable') {
      if (note !== UNREADABLE) {
        note = UNREADABLE;
        emit(stage.advance([]));
      }
      return;
    }
    waitingSince ??= monotonic();
    const looked = after.type === 'end' && after.looked > waitingSince;
    if (looked && monotonic() - waitingSince >= END_AFTER_MS) stand(sayEnd(known));
  }
  function tick(): void {
    const tape = reel;
    if (tape === null || clock.speed === 0) return;
    tape.wind(clock.now(), clock.speed);
    clock.limit(Math.max(tape.known, clock.now()));
    const changes = tape.take(clock.now());
    if (changes.length > 0) {
      waitingSince = null;
      note = '';
      emit(stage.advance(changes));
    }
    if (clock.now() >= tape.known) atTheEdge(tape);
  }

  return {
    definition: deps.definition,
    clock,
    get epoch() {
      return stage.epoch;
    },
    get seq() {
      return stage.seq;
    },
    get at() {
      return stage.at;
    },
    units: () => stage.units(),
    unit: (id) => stage.unit(id),
    feeds: () => stage.feeds(),
    scope: (id) => stage.scope(id),
    commitsSince: (since) => stage.commitsSince(since),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onJump(listener) {
      jumps.add(listener);
      return () => jumps.delete(listener);
    },
    trouble() {
      const said = gap !== null && monotonic() < gap.until ? [gap.text] : [];
      return note === '' ? said : [...said, note];
    },
    steer: (wish) => steering.go(wish),
    tick,
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      reel?.stop();
      listeners.clear();
      jumps.clear();
      deps.onEnd?.();
    },
  };
}

/** One wish at a time; of those that come meanwhile only the newest counts, and a speed alone is added to it. */
function createSteering(obey: (wish: Wish) => Promise<void>): { go(wish: Wish): Promise<void> } {
  let running: Promise<void> | null = null;
  let next: Wish | null = null;
  const go = async (wish: Wish): Promise<void> => {
    if (running !== null) {
      next = { ...next, ...wish };
      const mine = next;
      // How the one before ended is told to whoever wished it.
      await running.catch(() => undefined);
      if (next !== mine) return;
      next = null;
      return go(mine);
    }
    running = obey(wish).finally(() => {
      running = null;
    });
    return running;
  };
  return { go };
}
