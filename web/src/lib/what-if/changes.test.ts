import { describe, expect, it } from 'vitest';
import { HOUR } from '$shared/model/time';
import type { Change } from '$shared/protocol/what-if';
import { instantOf } from '../format/time.ts';
import { timeUnder } from '../hubs/timetable-paths.ts';
import { read, sayChange, written } from './changes.ts';

const EIGHT = Date.parse('2026-01-12T08:00:00Z');
const at = (hours: number) => instantOf(EIGHT + hours * HOUR);
const ALL: Change[] = [
  { what: 'close', hub: 'HUB 1', from: at(2), to: at(5) },
  { what: 'clinician', hub: 'H,2;', from: at(1), to: at(3.25), minutes: 15, channel: 'in-person' },
  { what: 'move', hub: 'H2', from: at(4), to: at(3), slots: 6 },
  { what: 'send', hub: 'H2', practice: 'N84028', slots: 12 },
  { what: 'without', practice: 'ods~kind' },
];

describe('changes that are tried out', () => {
  it('come back from the address as they were', () => {
    expect(read(written(ALL))).toEqual(ALL);
    expect(written([])).toBe('');
    expect(read('')).toEqual([]);
  });

  it('are left out where the address is no change, and the others stay', () => {
    const good = written([{ what: 'without', practice: 'N84028' }]);
    for (const bad of [
      'close,H1,x',
      'close,H1,0,0',
      'move,H1,hjnoc,hjng0,0',
      'send,H1,P,201',
      'send,H1,,3',
      '%E0%A4%A',
      'open,H1',
    ])
      expect(read(`${bad};${good}`), bad).toEqual([{ what: 'without', practice: 'N84028' }]);
    expect(read('clinician,H1,hjng0,hjnoc,15,by-pigeon')).toEqual([]);
    expect(read(Array.from({ length: 30 }, () => good).join(';'))).toHaveLength(20);
  });

  it('are said in a few words', () => {
    const nameOf = (id: string) => (id === 'H2' ? 'Bolton hub' : 'Swan Lane');
    expect(ALL.slice(2).map((change) => sayChange(change, nameOf))).toEqual([
      '6 slots at Bolton hub from midday to 11am',
      '12 of Swan Lane to Bolton hub',
      'Without Swan Lane',
    ]);
  });
});

describe('dragging', () => {
  it('goes by whole hours of the row, within it', () => {
    const window = { from: EIGHT, to: EIGHT + 12 * HOUR };
    const currentTarget = { getBoundingClientRect: () => ({ left: 100, width: 1200 }) as DOMRect };
    const hour = (x: number) => (timeUnder({ clientX: x, currentTarget }, window, HOUR) - EIGHT) / HOUR;
    expect([90, 100, 199, 200, 1299, 1400].map(hour)).toEqual([0, 0, 0, 1, 11, 11]);
  });
});
