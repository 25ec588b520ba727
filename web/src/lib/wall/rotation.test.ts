import type { Scene, SceneKind } from '$shared/protocol/screens';
import type { Level } from '$shared/model/level-words';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, HOLD_MS, progress, sceneOn, startRotation, step, type Rotation } from './rotation.ts';

const scene = (kind: SceneKind, seconds = 10): Scene => ({ kind, seconds });
const THREE = [scene('system', 20), scene('map', 12), scene('hubs', 12)];

interface Given {
  level?: Level | null | undefined;
  paused?: boolean;
  scenes?: readonly Scene[];
}
/** The rotation half a second on, `times` times over. */
function run(rotation: Rotation, seconds: number, given: Given = {}): { rotation: Rotation; seen: SceneKind[] } {
  const { level = 2, paused = false, scenes = THREE } = given;
  const seen: SceneKind[] = [];
  let now = Math.max(rotation.enteredMs, last);
  let on = rotation;
  for (let tick = 0; tick < seconds * 2; tick += 1) {
    now += 500;
    const turn = on.turn;
    on = advance(on, { nowMs: now, scenes, level, paused });
    if (on.turn !== turn || seen.length === 0) seen.push(sceneOn(on).scene.kind);
  }
  last = now;
  return { rotation: on, seen };
}
let last = 0;
const begin = (given: Given = {}) => {
  last = 0;
  return advance(startRotation(0), { nowMs: 0, scenes: THREE, level: 2, paused: false, ...given });
};

describe('the rotation of a wall', () => {
  it('gives each scene its seconds, round and round', () => {
    expect(run(begin(), 100).seen).toEqual(['system', 'map', 'hubs', 'system', 'map', 'hubs', 'system']);
  });

  it('takes the first level that it hears for no change', () => {
    const dark = startRotation(0);
    expect(advance(dark, { nowMs: 1, scenes: THREE, level: undefined, paused: false }).turn).toBe(0);
    expect(advance(dark, { nowMs: 1, scenes: THREE, level: 3, paused: false }).turn).toBe(0);
  });

  it('jumps to the system scene when the level changes, holds it a minute, and goes on with what it cut short', () => {
    const onMap = run(begin(), 21).rotation;
    expect(sceneOn(onMap).scene.kind).toBe('map');
    const after = run(onMap, 75, { level: 3 });
    expect(after.seen).toEqual(['system', 'map', 'hubs']);
    const held = advance(onMap, { nowMs: last, scenes: THREE, level: 3, paused: false });
    expect(progress(held, last + HOLD_MS / 2)).toBe(0.5);
  });

  it('shows a change of level even to a wall that stands still or has no system scene, and goes back', () => {
    const alone = [scene('hubs', 12)];
    const still = run(begin({ scenes: alone, paused: true }), 5, { scenes: alone, paused: true }).rotation;
    const { seen } = run(still, 70, { scenes: alone, paused: true, level: 4 });
    expect(seen.slice(0, 2)).toEqual(['system', 'hubs']);
    expect(new Set(seen.slice(1))).toEqual(new Set(['hubs']));
  });

  it('gives the system scene every second turn at level 4', () => {
    const { seen } = run(begin({ level: 4 }), 120, { level: 4 });
    expect(seen.slice(0, 6)).toEqual(['system', 'map', 'system', 'hubs', 'system', 'map']);
  });

  it('stands still while paused, and yet ranks its rows anew', () => {
    const { rotation, seen } = run(begin(), 300, { paused: true });
    expect(new Set(seen)).toEqual(new Set(['system']));
    expect(rotation.turn).toBe(10);
  });

  it('steps by hand, also out of a detour', () => {
    const first = begin();
    expect(sceneOn(step(first, 1, -1)).scene.kind).toBe('hubs');
    const detour = advance(run(first, 21).rotation, { nowMs: last, scenes: THREE, level: 3, paused: false });
    expect(sceneOn(detour)).toMatchObject({ index: 0 });
    expect(sceneOn(step(detour, last, 1)).scene.kind).toBe('map');
  });

  it('keeps what is on when others come or go around it, and moves on when it goes itself', () => {
    const onHubs = run(begin(), 33).rotation;
    const more = [scene('worst-five'), ...THREE];
    const kept = advance(onHubs, { nowMs: last, scenes: more, level: 2, paused: false });
    expect(sceneOn(kept)).toMatchObject({ scene: { kind: 'hubs' }, index: 3 });
    expect(kept.turn).toBe(onHubs.turn);
    const gone = advance(onHubs, { nowMs: last, scenes: THREE.slice(0, 2), level: 2, paused: false });
    expect(sceneOn(gone).scene.kind).toBe('map');
  });

  it('never stands blank, and leaves no scene out, whatever is composed and whatever the level does', () => {
    const kinds = fc.constantFrom<SceneKind>('system', 'matrix', 'map', 'hubs', 'out-of-hours', 'worst-five');
    const composed = fc.uniqueArray(kinds, { minLength: 0, maxLength: 6 });
    const levels = fc.constantFrom<Level | null>(1, 2, 3, 4, null);
    fc.assert(
      fc.property(composed, levels, fc.array(levels, { maxLength: 4 }), (names, settled, changes) => {
        const scenes = names.map((kind) => scene(kind, 6));
        let on = startRotation(0);
        let now = 0;
        for (const level of [...changes, settled]) {
          now += 700;
          const before = on;
          on = advance(on, { nowMs: now, scenes, level, paused: false });
          if (before.level !== undefined && before.level !== level) {
            expect(sceneOn(on).scene.kind).toBe('system');
            expect(on.heldUntilMs).toBe(now + HOLD_MS);
          }
          expect(on.turn).toBeGreaterThanOrEqual(before.turn);
        }
        const seen = new Set<SceneKind>();
        const turns: SceneKind[] = [];
        for (const end = now + HOLD_MS + 200_000; now < end; now += 1000) {
          const { turn } = on;
          on = advance(on, { nowMs: now, scenes, level: settled, paused: false });
          seen.add(sceneOn(on).scene.kind);
          if (on.turn > turn) turns.push(sceneOn(on).scene.kind);
        }
        for (const kind of names) expect(seen).toContain(kind);
        if (settled === 4)
          for (const [a, b] of turns.slice(0, -1).map((kind, index) => [kind, turns[index + 1]]))
            expect([a, b]).toContain('system');
      }),
      { numRuns: 200 },
    );
  });

  it('is the same object while nothing enters, so that nothing is drawn for it', () => {
    const on = begin();
    expect(advance(on, { nowMs: 500, scenes: [...THREE], level: 2, paused: false })).toBe(on);
  });
});
