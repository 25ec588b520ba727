import { describe, expect, it } from 'vitest';
import { ageLine, reloadDue, retryDelay, wallAge } from './age.ts';
import { sinceFact, splitClock, waitFact, waitWas } from './facts.ts';
import { orbitAt, ORBIT_STEP_MS } from './orbit.ts';
import { wallRuns } from './runs.ts';
import { byPressure, coverageLine, rowsOf, shortName, worstOf } from './scene.ts';
import { heard, isWelcome, NEVER_HEARD, silentFor } from './silence.ts';
import { mapOf, unit } from './wall-fixture.ts';

const MIN = 60_000;

describe('age of the wall', () => {
  it('is said quietly, then in bold, then as a scene, and after half an hour the old truth goes', () => {
    expect(wallAge(null)).toBe('waiting');
    expect(wallAge(29_999)).toBe('quiet');
    expect(wallAge(30_000)).toBe('bold');
    expect(wallAge(119_999)).toBe('bold');
    expect(wallAge(120_000)).toBe('stale');
    expect(wallAge(30 * MIN - 1)).toBe('stale');
    expect(wallAge(30 * MIN)).toBe('gone');
  });

  it('has words for each of them', () => {
    expect(ageLine('quiet', 4200, '9:42am')).toBe('data 4 s old');
    expect(ageLine('stale', 3 * MIN, '9:39am')).toBe('data from 9:39am');
    expect(ageLine('waiting', 0, '')).toBe('no data yet');
  });

  it('retries at most 8 s apart for 30 minutes, then at most 30 s, never all at once', () => {
    for (const random of [0, 0.5, 0.999]) {
      expect(retryDelay(29 * MIN, random)).toBeLessThanOrEqual(8000);
      expect(retryDelay(29 * MIN, random)).toBeGreaterThan(1000);
      expect(retryDelay(31 * MIN, random)).toBeLessThanOrEqual(30_000);
    }
    expect(retryDelay(0, 0.1)).not.toBe(retryDelay(0, 0.9));
  });

  it('reloads after ten minutes of silence, and not again within ten minutes', () => {
    expect(reloadDue(9 * MIN, 60 * MIN)).toBe(false);
    expect(reloadDue(10 * MIN, 60 * MIN)).toBe(true);
    expect(reloadDue(60 * MIN, 2 * MIN)).toBe(false);
    expect(reloadDue(null, 11 * MIN)).toBe(true);
  });

  it('says for ten seconds that data is back and how much was missed, by the product clock', () => {
    const before = heard(NEVER_HEARD, 1000, 500_000);
    expect(isWelcome(before, 1001)).toBe(false);
    const back = heard(before, 1000 + 4 * MIN, 500_000 + 40 * MIN);
    expect(back.missedMs).toBe(40 * MIN);
    expect(isWelcome(back, 1000 + 4 * MIN + 9_999)).toBe(true);
    expect(isWelcome(back, 1000 + 4 * MIN + 10_000)).toBe(false);
    expect(silentFor(back, 1000 + 4 * MIN + 500)).toBe(500);
    const next = heard(back, 1000 + 4 * MIN + 700, 500_000 + 41 * MIN);
    expect(isWelcome(next, 1000 + 4 * MIN + 800)).toBe(true);
  });
});

describe('orbit', () => {
  it('walks a ring of 24 px in steps of at most 2 px each way and comes round', () => {
    const places = Array.from({ length: 37 }, (_, i) => orbitAt(i * ORBIT_STEP_MS));
    expect(places[36]).toEqual(places[0]);
    expect(Math.max(...places.map((p) => p.x))).toBe(12);
    expect(Math.min(...places.map((p) => p.y))).toBe(-12);
    places.slice(1).forEach((p, i) => {
      expect(Math.abs(p.x - (places[i]?.x ?? 0))).toBeLessThanOrEqual(2);
      expect(Math.abs(p.y - (places[i]?.y ?? 0))).toBeLessThanOrEqual(2);
    });
    expect(orbitAt(ORBIT_STEP_MS - 1)).toEqual(orbitAt(0));
  });
});

describe('runs of a day', () => {
  it('write a digit where a run above 1 starts and has room, and end at now', () => {
    const day = '1122333?'.padEnd(96, '.');
    expect(wallRuns(day, 0, 96, 6)).toEqual([
      { from: 0, to: 2, level: 1, digit: null },
      { from: 2, to: 4, level: 2, digit: '2' },
      { from: 4, to: 7, level: 3, digit: '3' },
    ]);
  });

  it('mark unknown as its own run and leave out what was not recorded', () => {
    expect(wallRuns('..??4', 0, 5, 4)).toEqual([
      { from: 2, to: 4, level: 0, digit: '?' },
      { from: 4, to: 5, level: 4, digit: null },
    ]);
  });

  it('count from the left edge of the strip', () => {
    expect(wallRuns('.'.repeat(28) + '22', 28, 84, 29)).toEqual([{ from: 0, to: 2, level: 2, digit: '2' }]);
  });
});

describe('what the wall names', () => {
  const units = mapOf(
    unit('s', null, { kind: 'system' }),
    unit('calm', 's', { score: 5 }),
    unit('hot', 's', { level: 3, score: 70 }),
    unit('dark', 's', { level: null, score: null, coverage: 0.2 }),
    unit('cool', 's', { score: 2 }),
    unit('111', 's', { kind: 'site', siteKind: 'nhs111', level: 4, score: 99 }),
    unit('n1', 'hot', { kind: 'neighbourhood', level: 4, score: 90 }),
    unit('n2', 'hot', { kind: 'neighbourhood', level: null, score: null, coverage: 0.2 }),
    unit('n3', 'calm', { kind: 'neighbourhood', level: 2, score: 50 }),
    unit('n4', 'calm', { kind: 'neighbourhood', level: 1, score: 2 }),
  );

  it('orders places by pressure with the unknown above the calm, and leaves services out', () => {
    expect(rowsOf(units, 's').map((r) => r.unit.id)).toEqual(['hot', 'dark', 'calm', 'cool']);
  });

  it('marks a place that has a level but hides something unknown', () => {
    expect(rowsOf(units, 's').map((r) => r.partial)).toEqual([true, false, false, false]);
  });

  it('shows neighbourhoods where there are only two or three places', () => {
    const few = mapOf(
      unit('s', null),
      unit('a', 's', { level: 3 }),
      unit('b', 's'),
      ...['a1', 'a2', 'b1'].map((id) => unit(id, id.charAt(0), { kind: 'neighbourhood' })),
    );
    expect(rowsOf(few, 's').map((r) => r.unit.id)).toEqual(['a1', 'a2', 'b1']);
  });

  it('keeps to ten of many', () => {
    const many = mapOf(unit('s', null), ...Array.from({ length: 42 }, (_, i) => unit(`p${i}`, 's', { score: i })));
    expect(
      rowsOf(many, 's')
        .map((r) => r.unit.id)
        .slice(0, 2),
    ).toEqual(['p41', 'p40']);
    expect(rowsOf(many, 's')).toHaveLength(10);
  });

  it('names the three worst neighbourhoods', () => {
    expect(worstOf(units, 's').map((u) => u.id)).toEqual(['n1', 'n3', 'n2']);
  });

  it('takes a closed place neither for calm nor for unknown', () => {
    const night = mapOf(
      unit('s', null),
      unit('shut', 's', { level: null, score: null, coverage: 1 }),
      unit('dark', 's', { level: null, score: null, coverage: 0.3 }),
      unit('calm', 's'),
      ...['n1', 'n2', 'n3'].map((id) => unit(id, 'shut', { kind: 'neighbourhood', level: null, coverage: 1 })),
      unit('n4', 'dark', { kind: 'neighbourhood', level: null, coverage: 0.3 }),
    );
    expect(rowsOf(night, 's').map((r) => r.unit.id)).toEqual(['n4', 'n1', 'n2', 'n3']);
    expect(worstOf(night, 's').map((u) => u.id)).toEqual(['n4']);
  });

  it('keeps equals in the order of their names', () => {
    expect([unit('b', null), unit('a', null)].sort(byPressure).map((u) => u.id)).toEqual(['a', 'b']);
  });

  it('drops words that every row would repeat', () => {
    expect(shortName('Rumworth PCN')).toBe('Rumworth');
    expect(shortName('Greater Manchester')).toBe('Greater Manchester');
  });

  it('never rounds what is in view up to everything', () => {
    expect(coverageLine(unit('x', null, { coverage: 0.999 }))).toBe('99% of patients in view');
  });
});

describe('facts', () => {
  it('split the clock and the wait for large figures', () => {
    expect(splitClock('9:12am')).toEqual({ figure: '9:12', unit: 'am' });
    expect(splitClock('midday')).toEqual({ figure: 'midday', unit: '' });
    const wait = { value: 660, absence: null, observedAt: null, usual: 300 };
    expect(waitFact(unit('x', null, { metrics: { 'calls.longest-wait': wait } }))).toMatchObject({
      figure: '11',
      unit: 'min',
      foot: 'usually 5 min',
    });
    expect(waitWas(unit('x', null, { metrics: { 'calls.longest-wait': wait } }))).toBe('longest caller waited 11 min');
    const mean = { ...wait, value: 420 };
    expect(waitFact(unit('x', null, { metrics: { 'calls.longest-wait': wait, 'calls.wait': mean } }))).toMatchObject({
      head: 'Callers wait',
      figure: '7',
    });
  });

  it('never show a missing wait as zero', () => {
    const gone = { value: null, absence: 'unreachable' as const, observedAt: null };
    expect(waitFact(unit('x', null, { metrics: { 'calls.longest-wait': gone } }))).toMatchObject({
      figure: '?',
      foot: 'no answer',
    });
    expect(waitFact(unit('x', null)).figure).toBe('?');
    expect(waitWas(unit('x', null))).toBe('');
  });

  it('say since when the level holds', () => {
    expect(sinceFact(unit('x', null, { level: 3, trend: 'rising' }), () => '9am')).toEqual({
      head: 'Level 3 since',
      figure: '9',
      unit: 'am',
      foot: 'and rising',
    });
    expect(sinceFact(unit('x', null, { levelSince: null }), () => '')).toBeNull();
  });
});
