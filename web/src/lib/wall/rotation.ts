import type { Level } from '$shared/model/level-words';
import type { Scene } from '$shared/protocol/screens';

/** A change of level brings the system scene for this long. */
export const HOLD_MS = 60_000;
/** A wall that stands on one scene ranks its rows anew this often: the worst must not be the worst of last week. */
const STANDING_MS = 30_000;
/** What is shown where a level asks for it and nobody composed it in. */
const SYSTEM: Scene = { kind: 'system', seconds: 20 };

/** Where a wall's rotation stands. Times are real milliseconds of one monotonic clock. */
export interface Rotation {
  /** Index of the scene that is on, or that comes after the detour. */
  readonly at: number;
  /** The system scene stands in between. */
  readonly detour: boolean;
  readonly enteredMs: number;
  /** Rises whenever a scene enters, also the same one again: rows are ranked then. */
  readonly turn: number;
  /** Until when a change of level holds the system scene. */
  readonly heldUntilMs: number | null;
  /** The level that was last known; undefined: none yet, so that the first is no change. */
  readonly level: Level | null | undefined;
  /** The scenes that `at` counts in. */
  readonly scenes: readonly Scene[];
}

export interface RotationInput {
  readonly nowMs: number;
  /** Those that have something to show, in order; empty: the system scene alone. */
  readonly scenes: readonly Scene[];
  /** Of what the wall shows; undefined while nothing is known. */
  readonly level: Level | null | undefined;
  readonly paused: boolean;
}

export function startRotation(nowMs: number): Rotation {
  return { at: 0, detour: false, enteredMs: nowMs, turn: 0, heldUntilMs: null, level: undefined, scenes: [] };
}

/** What is on, with its place among the dots; -1: the system scene, which nobody composed in. */
export function sceneOn(rotation: Rotation): { readonly scene: Scene; readonly index: number } {
  const { scenes, at, detour } = rotation;
  const index = detour ? scenes.findIndex(({ kind }) => kind === 'system') : at;
  return { scene: scenes[index] ?? SYSTEM, index: scenes[index] ? index : -1 };
}

/** The rotation at `nowMs`; the same object where nothing enters. */
export function advance(before: Rotation, input: RotationInput): Rotation {
  const { nowMs, level, paused } = input;
  const on = relocate(before, input.scenes, nowMs);
  if (level !== undefined && level !== on.level) {
    const known = { ...on, level };
    if (on.level === undefined) return known;
    return enter({ ...known, detour: true, heldUntilMs: nowMs + HOLD_MS }, nowMs);
  }
  if (on.heldUntilMs !== null) return nowMs < on.heldUntilMs ? on : afterDetour(on, nowMs, paused);
  const { scene } = sceneOn(on);
  const passed = nowMs - on.enteredMs;
  if (paused) return passed < Math.max(STANDING_MS, scene.seconds * 1000) ? on : enter(on, nowMs);
  if (passed < scene.seconds * 1000) return on;
  return on.detour ? afterDetour(on, nowMs, paused) : next(on, nowMs);
}

/** One scene on (1) or back (-1), by hand. */
export function step(rotation: Rotation, nowMs: number, by: 1 | -1): Rotation {
  const count = Math.max(1, rotation.scenes.length);
  // What comes after a detour is where the round stands already.
  const from = rotation.detour && by === 1 ? rotation.at : rotation.at + by;
  return enter({ ...rotation, at: (from + count) % count, detour: false, heldUntilMs: null }, nowMs);
}

/** Share of the scene's time that is over, 0 to 1. */
export function progress(rotation: Rotation, nowMs: number): number {
  const whole =
    rotation.heldUntilMs === null ? sceneOn(rotation).scene.seconds * 1000 : rotation.heldUntilMs - rotation.enteredMs;
  return Math.min(1, Math.max(0, (nowMs - rotation.enteredMs) / whole));
}

function enter(rotation: Rotation, nowMs: number): Rotation {
  return { ...rotation, enteredMs: nowMs, turn: rotation.turn + 1 };
}

/** The scene that was cut short comes back; where that is the system scene, it has had its turn. */
function afterDetour(on: Rotation, nowMs: number, paused: boolean): Rotation {
  const over = { ...on, detour: false, heldUntilMs: null };
  return sceneOn(over).scene.kind === 'system' && !paused ? next(over, nowMs) : enter(over, nowMs);
}

/** At level 4 every second turn is the system's. */
function next(on: Rotation, nowMs: number): Rotation {
  const at = on.scenes.length === 0 ? 0 : (on.at + 1) % on.scenes.length;
  const isSystem = (index: number) => (on.scenes[index] ?? SYSTEM).kind === 'system';
  return enter({ ...on, at, detour: on.level === 4 && !isSystem(on.at) && !isSystem(at) }, nowMs);
}

/** Another composition: what is on stays on where it is still in it. */
function relocate(on: Rotation, scenes: readonly Scene[], nowMs: number): Rotation {
  if (scenes === on.scenes || same(scenes, on.scenes)) return on;
  const current = on.scenes[on.at];
  if (!current) return { ...on, scenes };
  const found = scenes.findIndex((scene) => sameScene(scene, current));
  if (found >= 0) return { ...on, scenes, at: found };
  const moved = { ...on, scenes, at: Math.min(on.at, Math.max(0, scenes.length - 1)) };
  return on.detour ? moved : enter(moved, nowMs);
}

const same = (a: readonly Scene[], b: readonly Scene[]) =>
  a.length === b.length &&
  a.every((scene, index) => {
    const other = b[index];
    return other !== undefined && sameScene(scene, other) && scene.seconds === other.seconds;
  });

const sameScene = (a: Scene, b: Scene) => a.kind === b.kind && a.text === b.text && a.until === b.until;
