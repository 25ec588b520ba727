import type { EpochMs } from '#shared/model/time.ts';
import type { View } from '#shared/protocol/live.ts';
import { takeLine } from '../domain/replay/read.ts';
import { emptySheets, renewTexts, type Sheets } from '../domain/replay/sheets.ts';
import type { Loader, PastBoard } from './load.ts';
import { createTaker } from '../domain/replay/take.ts';
import { createReel, type Reel } from './reel.ts';
import { createScenes, noteChanges, type Scene } from './scene.ts';
import { viewKey, type Body, type Landing, type Move, type Shot, type Step } from './answers.ts';

/** After so many revisions the board's texts are made anew, so that it does not keep all it has read: some hours. */
const RENEW_AFTER = 20_000;

/** A board of the past that is moved on, and what each view of it has to be told. */
export interface Player {
  put(past: PastBoard): Landing;
  move(step: Step): Promise<Move>;
  shoot(scope: string, view: View, partBytes: number): Shot | null;
  end(): void;
}

export interface PlayerDeps {
  readonly loader: Loader;
  readonly monotonic: () => number;
}

export function createPlayer({ loader, monotonic }: PlayerDeps): Player {
  let sheets: Sheets = emptySheets();
  let sceneOf = createScenes(sheets);
  let scenes = new Map<string, Scene>();
  let reel: Reel | null = null;
  let version = 0;
  let landing = 0;
  let at: EpochMs = 0;
  let taken = 0;

  function take(until: EpochMs): { changed: boolean; bodies: Body[] } {
    const lines = reel?.take(until) ?? [];
    const last = lines.at(-1);
    if (last === undefined) return { changed: false, bodies: [] };
    const { changed, touch } = noteChanges(sheets);
    const taker = createTaker(sheets, touch);
    for (const line of lines) takeLine(taker, line);
    taker.finish();
    ({ at } = last);
    version += 1;
    taken += lines.length;
    if (taken >= RENEW_AFTER) {
      taken = 0;
      for (const sheet of [sheets.units, sheets.feeds]) renewTexts(sheet);
    }
    return { changed: true, bodies: Array.from(scenes, ([view, scene]) => ({ view, bytes: scene.patch(changed) })) };
  }

  return {
    put(past) {
      reel?.stop();
      ({ sheets, at } = past);
      sceneOf = createScenes(sheets);
      scenes = new Map();
      reel = createReel({ loader, stretch: past.stretch, start: past, monotonic });
      taken = 0;
      version += 1;
      landing = version;
      return { version, seq: past.seq, at, stretch: past.stretch };
    },
    async move(step) {
      const { until, speed } = step;
      const tape = reel;
      const still: Move = { version, changed: false, at, known: at, after: { type: 'more' }, bodies: [] };
      if (tape === null || step.landing !== landing) return still;
      for (const view of scenes.keys()) if (!step.views.includes(view)) scenes.delete(view);
      if (speed > 0) await tape.wind(until, speed);
      if (tape !== reel) return still;
      const { changed, bodies } = take(until);
      return { version, changed, at, known: tape.known, after: tape.after, bodies };
    },
    shoot(scope, view, partBytes) {
      const key = viewKey(scope, view);
      const scene = scenes.get(key) ?? sceneOf(scope, view);
      if (scene === null) return null;
      scenes.set(key, scene);
      return { version, parts: scene.parts(partBytes) };
    },
    end() {
      reel?.stop();
      reel = null;
    },
  };
}
