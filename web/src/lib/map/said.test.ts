import { describe, expect, it } from 'vitest';
import { unitOf, unitsOf } from '../control/unit-fixture.ts';
import type { Grain } from './drawn.ts';
import { sayMap } from './said.ts';

describe('what the map says', () => {
  it('adds up: whoever is not named by place is said to be elsewhere', () => {
    const where = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'e'];
    const units = where.map((parent, index) => unitOf(`p${index}`, { parent, level: 3 }));
    const grain: Grain = { id: 'practice', kind: 'practice', units };
    const parents = unitsOf(...[...new Set(where)].map((id) => unitOf(id, { name: id.toUpperCase() })));
    expect(sayMap(grain, parents, 'level', null)).toBe(
      '**8 of 8 practices** severe or worse: **2 in A**, **2 in B**, **2 in C** and 2 elsewhere.',
    );
  });
});
