import { randomUUID } from 'node:crypto';
import type { Definition } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import { codeOf } from '../domain/error-code.ts';
import type { Commit } from '../domain/ports.ts';
import type { Replay, ScopeView, SnapshotPart, Wish } from '../domain/replay/player.ts';
import { sayEnd, sayGap, UNREADABLE } from '../domain/replay/words.ts';
import { textOf } from './board-text.ts';
import { createReplayClock } from './replay-clock.ts';
import { createStage } from './stage.ts';
import { createSteering } from './steering.ts';
import { viewKey, type Landing, type Move, type PartBytes } from './answers.ts';
import type { Studio } from './studio.ts';

const TICK_MS = 200;
/** A gap that was jumped is said for so much real time. */
const GAP_SAID_MS = 15_000;
/** So much real time without anything newer, and the recording has ended: it is written every few seconds. */
const END_AFTER_MS = 4000;
/** A studio that failed is asked again after so much real time. */
const AGAIN_MS = 1000;

export interface ReplayDeps {
  readonly definition: Definition;
  readonly simulated: boolean;
  readonly studio: Studio;
  /** Its own in the studio. */
  readonly player: number;
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
  const { studio, player } = deps;
  const monotonic = deps.monotonic ?? (() => performance.now());
  const clock = createReplayClock(deps.simulated, monotonic);
  const stage = createStage();
  const listeners = new Set<(commit: Commit) => void>();
  const jumps = new Set<() => void>();
  const gone = new AbortController();
  let landing: Landing | null = null;
  let known = -Infinity;
  let moving: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  /** Since when it has stood still for want of anything newer; real time. */
  let waitingSince: number | null = null;
  /** When the studio is asked again for a player that it has lost; real time. */
  let lostUntil: number | null = null;
  let gap: { readonly text: string; readonly until: number } | null = null;
  let note = '';
  /** Views that were asked for since the last revision: the others are of no use to anybody. */
  let asked = new Set<string>();
  const ended = () => gone.signal.aborted;

  function emit(move: Move | null): void {
    const commit = stage.advance(move);
    if (move !== null) asked = new Set();
    for (const listener of listeners) listener(commit);
  }
  function put(landed: Landing, at: EpochMs, speed: number): void {
    landing = landed;
    known = landed.at;
    lostUntil = null;
    waitingSince = null;
    note = '';
    asked = new Set();
    stage.set(landed, `replay-${randomUUID()}`);
    clock.put(at, speed);
    // Nothing passes before it is known.
    clock.limit(at);
    timer ??= setInterval(tick, TICK_MS);
    for (const jump of jumps) jump();
    tick();
  }
  const steering = createSteering(async ({ at, speed }) => {
    if (at !== undefined) {
      const landed = await studio.go(player, at, gone.signal).catch((error: unknown) => {
        if (ended()) return null;
        throw error;
      });
      if (landed === null || ended()) return studio.end(player);
      gap = null;
      return put(landed, at, speed ?? (landing === null ? 1 : clock.speed));
    }
    if (speed === undefined || landing === null || ended()) return;
    clock.put(clock.now(), speed);
    clock.limit(Math.max(known, clock.now()));
    note = '';
    waitingSince = null;
    await moving;
    await move((moved) => emit(moved.changed ? moved : null));
  });

  /** One step in the studio, unless somebody has jumped meanwhile; what is lost there is sought again. */
  function move(took: (moved: Move) => void): Promise<void> {
    const from = landing;
    if (from === null || ended()) return Promise.resolve();
    const step = { landing: from.version, until: clock.now(), speed: clock.speed, views: [...asked] };
    moving = studio.move(player, step).then(
      (moved) => {
        moving = null;
        if (ended() || landing !== from) return;
        ({ known } = moved);
        clock.limit(Math.max(known, clock.now()));
        took(moved);
      },
      (error: unknown) => {
        moving = null;
        if (landing === from) lose(error);
      },
    );
    return moving;
  }
  function lose(error: unknown): void {
    // The next step may find room.
    if (codeOf(error) === 'REPLAY_BUSY') return;
    if (ended() || lostUntil !== null) return;
    lostUntil = monotonic() + AGAIN_MS;
    clock.limit(clock.now());
    sayOnce(UNREADABLE);
  }
  function sayOnce(text: string): void {
    if (note === text) return;
    note = text;
    emit(null);
  }
  /** Stands still for good, or until somebody steers on; says so with a revision of its own. */
  function stand(text: string): void {
    clock.put(clock.now(), 0);
    note = text;
    emit(null);
  }
  function jumpGap(from: EpochMs, to: EpochMs): void {
    const speed = clock.speed;
    clock.put(clock.now(), 0);
    void steering.go({ at: to, speed }).then(
      () => {
        gap = { text: sayGap(from, to), until: monotonic() + GAP_SAID_MS };
        if (!ended()) emit(null);
      },
      () => stand(UNREADABLE),
    );
  }
  /** Everything that is known has been shown. */
  function atTheEdge({ after }: Move): void {
    if (after.type === 'gap') return jumpGap(known, after.next.from);
    if (after.type === 'unreadable') return sayOnce(UNREADABLE);
    waitingSince ??= monotonic();
    const looked = after.type === 'end' && after.looked;
    if (looked && monotonic() - waitingSince >= END_AFTER_MS) stand(sayEnd(known));
  }
  function took(moved: Move): void {
    if (moved.changed) {
      waitingSince = null;
      note = '';
      emit(moved);
    }
    if (clock.speed > 0 && clock.now() >= known) atTheEdge(moved);
  }
  function tick(): void {
    if (lostUntil !== null) {
      if (monotonic() < lostUntil) return;
      lostUntil = monotonic() + AGAIN_MS;
      // It stays lost, and said, until one of these arrives.
      void steering.go({ at: clock.now(), speed: clock.speed }).catch(() => undefined);
      return;
    }
    if (clock.speed > 0 && moving === null) void move(took);
  }
  function viewOf(scope: string, view: ScopeView['view']): ScopeView {
    const key = viewKey(scope, view);
    return {
      ...{ scope, view },
      async snapshot(partBytes) {
        asked.add(key);
        const shot = await studio.shoot(player, scope, view, partBytes).catch((error: unknown) => {
          lose(error);
          throw error;
        });
        if (shot === null) return null;
        const shown = stage.shownAs(shot.version);
        if (shown === null) throw new Error('the replay has gone elsewhere');
        return { ...shown, parts: shot.parts.map(partOf) };
      },
      patch(commit) {
        asked.add(key);
        return stage.bodyOf(commit, key);
      },
    };
  }

  return {
    ...{ definition: deps.definition, clock, view: viewOf, tick },
    get epoch() {
      return stage.epoch;
    },
    get seq() {
      return stage.seq;
    },
    get at() {
      return stage.at;
    },
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
    steer: (wish: Wish) => steering.go(wish),
    end() {
      if (ended()) return;
      gone.abort();
      clearInterval(timer);
      studio.end(player);
      listeners.clear();
      jumps.clear();
      deps.onEnd?.();
    },
  };
}

/** Made into text when it is sent: a whole board at one go would keep live frames waiting. */
const partOf = ({ units, feeds }: PartBytes): SnapshotPart => ({
  get units() {
    return textOf(units);
  },
  get feeds() {
    return textOf(feeds);
  },
});
