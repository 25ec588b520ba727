import { describe, expect, it } from 'vitest';
import { boundsSql, checkPartitions } from './partition-bounds.ts';

const range = (from: string, to: string) => `FOR VALUES FROM ('${from}') TO ('${to}')`;

describe('bounds of a partition from a backup', () => {
  it.each([
    ['2026-01-12 00:00:00+00', '2026-01-19 00:00:00+00'],
    ['2026-01-01', '2026-02-01'],
    ['2026-01-12 08:30:00.25+00', '2026-01-12 09:00:00+00'],
  ])('are taken where they are a range of times: %s', (from, to) => {
    expect(boundsSql(range(from, to))).toBe(`for values from ('${from}') to ('${to}')`);
  });

  it.each([
    ['another statement', `${range('2026-01-01', '2026-02-01')}; drop table audit`],
    ['a statement within', range('2026-01-01', "2026-02-01'); drop table audit; --")],
    ['words', range('now', 'tomorrow')],
    ['another zone', range('2026-01-12 00:00:00+01', '2026-01-19 00:00:00+01')],
    ['a day that there is not', range('2026-02-30', '2026-03-01')],
    ['a range of nothing', range('2026-02-01', '2026-02-01')],
    ['a list', `FOR VALUES IN ('2026-01-01')`],
    ['all the rest', 'DEFAULT'],
    ['none', ''],
  ])('are refused where they are %s', (_what, text) => {
    expect(boundsSql(text)).toBeNull();
  });

  it('are named with file and table where they are refused', () => {
    const table = { name: 'history_x', columns: [], key: null, options: [], rows: 0, section: null };
    const bad = { ...table, partition: { of: 'history', bound: 'DEFAULT' } };
    expect(() => checkPartitions('/safe/gm.backup', [bad])).toThrow(/^\/safe\/gm\.backup: .*history_x .*"DEFAULT"/);
    const divided = {
      ...table,
      partition: { of: 'history', bound: range('2026-01-01', '2026-02-01') },
      key: 'LIST (x)',
    };
    expect(() => checkPartitions('/safe/gm.backup', [divided])).toThrow(/history_x is divided by "LIST \(x\)"/);
    expect(() =>
      checkPartitions('/safe/gm.backup', [
        { ...divided, key: null },
        { ...table, partition: null },
      ]),
    ).not.toThrow();
  });
});
