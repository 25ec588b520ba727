import type { Unit } from '$shared/model/unit';
import { unitOf } from '../control/unit-fixture.ts';

const NINE = '2026-11-23T09:00:00.000Z';

/** A place for tests of walls; whatever matters is given. */
export const unit = (id: string, parent: string | null, over: Partial<Unit> = {}): Unit =>
  unitOf(id, { kind: 'place', parent, population: 1000, at: NINE, levelSince: NINE, ...over });

export const mapOf = (...units: Unit[]) => new Map(units.map((u) => [u.id, u]));
