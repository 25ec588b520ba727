import { describe, expect, it } from 'vitest';
import { againstUsual } from './against.ts';
import { liveChanges, mergeChanges, spokenOf, waiting, type ChangeItem } from './changes.ts';
import { hourly } from './points.ts';
import { unitOf, unitsOf } from './unit-fixture.ts';
import { urgentServices } from './urgent.ts';
import { reasonOf, worstOf } from './worst.ts';

const AT = Date.parse('2026-11-23T09:41:00Z');
const item = (given: Partial<ChangeItem>): ChangeItem => ({
  key: `${given.unit ?? 'u'}@${given.atMs ?? AT}`,
  atMs: AT,
  unit: 'u',
  name: 'U',
  kind: 'neighbourhood',
  from: 2,
  to: 3,
  text: '',
  ...given,
});

describe('worst now', () => {
  const driver = (text: string) => ({ indicator: text, points: 1, value: 1, text });
  it('lists the worst first and keeps a place for an unknown one', () => {
    const units = unitsOf(
      unitOf('calm'),
      unitOf('severe', { level: 3, score: 70 }),
      unitOf('worst', { level: 4, score: 90 }),
      unitOf('moderate', { level: 2, score: 50 }),
      unitOf('dark', { level: null, score: null, coverage: 0.1 }),
    );
    expect(worstOf(units, 3).units.map((unit) => unit.id)).toEqual(['worst', 'severe', 'dark']);
  });
  it('counts the unknown ones that found no room', () => {
    const dark = ['a', 'b', 'c', 'd'].map((id) => unitOf(id, { level: null, score: null, coverage: 0 }));
    expect(worstOf(unitsOf(unitOf('s', { level: 3, score: 70 }), ...dark), 3).moreUnknown).toBe(2);
  });
  it('does not let a calm neighbourhood hide a practice in distress', () => {
    const units = unitsOf(
      unitOf('n', { level: 2, score: 45 }),
      unitOf('quiet', { kind: 'site', siteKind: 'practice', parent: 'n', level: 1 }),
      unitOf('loud', { kind: 'site', siteKind: 'practice', parent: 'n', level: 4, score: 95 }),
    );
    expect(worstOf(units, 5).units.map((unit) => unit.id)).toEqual(['loud', 'n']);
  });
  it('leaves the list to others where rates mean little', () => {
    const units = unitsOf(
      unitOf('n', { level: 2, score: 45 }),
      unitOf('tiny', { kind: 'site', siteKind: 'practice', parent: 'n', level: 4, score: 95, population: 137 }),
    );
    expect(worstOf(units, 5).units.map((unit) => unit.id)).toEqual(['n']);
  });
  it('takes nobody for unknown who is closed', () => {
    expect(worstOf(unitsOf(unitOf('n', { level: null, score: null })), 5)).toEqual({ units: [], moreUnknown: 0 });
  });
  it('gives the two heaviest drivers for a reason, and the sentence where there is none', () => {
    const drivers = [driver('**41** callbacks'), driver('calls above usual'), driver('third')];
    expect(reasonOf(unitOf('n', { level: 3, drivers }))).toBe('**41** callbacks; calls above usual');
    expect(reasonOf(unitOf('n', { level: null, drivers, sentence: 'Unknown: too little.' }))).toBe(
      'Unknown: too little',
    );
    expect(reasonOf(unitOf('n', { level: 2, drivers: [driver('callers wait')] }))).toBe('Callers wait');
  });
});

describe('what changed', () => {
  it('finds level changes between two boards, but no closing', () => {
    const before = unitsOf(unitOf('a'), unitOf('b', { level: 2 }), unitOf('c', { level: 2 }));
    const after = unitsOf(
      unitOf('a', { level: 3 }),
      unitOf('b', { level: null, coverage: 1 }),
      unitOf('c', { level: null, coverage: 0.2 }),
    );
    expect(liveChanges(before, after).map(({ unit, from, to }) => [unit, from, to])).toEqual([
      ['a', 1, 3],
      ['c', 2, null],
    ]);
  });
  it('tells each change once, newest first', () => {
    const server = [item({ unit: 'a', atMs: AT }), item({ unit: 'b', atMs: AT - 60_000 })];
    const seen = [item({ unit: 'a', atMs: AT + 900 }), item({ unit: 'c', atMs: AT + 5000 })];
    expect(mergeChanges(server, seen).map(({ unit }) => unit)).toEqual(['c', 'a', 'b']);
  });
  it('never lists one change twice, even where a list repeats it', () => {
    const twice = [item({ unit: 'a' }), item({ unit: 'a' })];
    expect(mergeChanges(twice, twice)).toHaveLength(1);
  });
  it('keeps two changes of one unit apart when it went up and down', () => {
    const up = item({ from: 2, to: 3, atMs: AT });
    const down = item({ from: 3, to: 2, atMs: AT + 30_000 });
    expect(mergeChanges([up], [down])).toHaveLength(2);
  });
  it('counts what waits behind a list that somebody reads', () => {
    const shown = [item({ unit: 'a' })];
    expect(waiting(shown, [item({ unit: 'b' }), item({ unit: 'c' }), ...shown])).toBe(2);
  });
  it('announces places, and whoever becomes extreme, and nothing else', () => {
    const spoken = spokenOf([
      item({ name: 'Bolton', kind: 'place', to: 3 }),
      item({ name: 'Rumworth', to: 4 }),
      item({ name: 'Ashton', to: 3 }),
      item({ name: 'Swan Lane', kind: 'site', to: 4 }),
    ]);
    expect(spoken).toEqual([
      { name: 'Bolton', level: 3 },
      { name: 'Rumworth', level: 4 },
    ]);
  });
});

describe('services', () => {
  it('puts the worst urgent service first and leaves hubs out', () => {
    const site = (id: string, siteKind: 'nhs111' | 'out-of-hours' | 'hub', level: 1 | 3) =>
      unitOf(id, { kind: 'site', siteKind, level });
    const units = unitsOf(site('111', 'nhs111', 1), site('ooh', 'out-of-hours', 3), site('hub', 'hub', 3));
    expect(urgentServices(units).map((unit) => unit.id)).toEqual(['ooh', '111']);
  });
});

describe('figures and tabs', () => {
  it('compares with usual only where a usual is known', () => {
    const metric = { value: 122, absence: null, observedAt: null };
    expect(againstUsual({ ...metric, usual: 100 }, 'Monday')).toBe('22% above usual Monday');
    expect(againstUsual({ ...metric, value: 101, usual: 100 }, 'Monday')).toBe('as on a usual Monday');
    expect(againstUsual(metric, 'Monday')).toBe('');
  });
  it('leaves out the quarter hour that is still filling', () => {
    const step = 900_000;
    expect(
      hourly(
        [
          [0, 10],
          [step, null],
          [2 * step, 3],
        ],
        step,
        2.5 * step,
      ),
    ).toEqual([
      [step / 2, 40],
      [1.5 * step, null],
    ]);
  });
});
