import { describe, expect, it } from 'vitest';
import { csvOf, fileName } from './csv.ts';
import { columnsOf, tableOf } from './table.ts';

const about = {
  subject: 'Swan Lane, Bolton',
  measure: 'calls',
  source: 'Norhall "Telecom"',
  simulated: true,
  newest: null,
};
/** 2026-07-01 08:00 UTC is 9am in London. */
const NINE = Date.UTC(2026, 6, 1, 8);
const QUARTER = 900_000;

const csv = (label: string) => {
  const lines = [
    {
      label,
      points: [
        [NINE, 12],
        [NINE + QUARTER, null],
      ] as const,
    },
  ];
  const columns = columnsOf({ lines, bars: [] }, { measure: 'calls', say: String, missing: () => 'unreachable' });
  return csvOf(tableOf(columns, null), about);
};

describe('numbers as a file', () => {
  it('stand oldest first, with both clocks, and say why a cell is empty', () => {
    expect(csv('missed').split('\r\n')).toEqual([
      'Time (UTC),Time (London),missed (calls),Missing,Simulated,Unit,Source',
      '2026-07-01T08:00:00Z,2026-07-01 09:00,12,,yes,"Swan Lane, Bolton","Norhall ""Telecom"""',
      '2026-07-01T08:15:00Z,2026-07-01 09:15,,missed: unreachable,yes,"Swan Lane, Bolton","Norhall ""Telecom"""',
      '',
    ]);
  });

  it('say one reason once where all is missing', () => {
    const points = [[NINE, null]] as const;
    const lines = [
      { label: 'missed', points },
      { label: 'answered', points },
    ];
    const columns = columnsOf({ lines, bars: [] }, { measure: 'calls', say: String, missing: () => 'closed' });
    expect(csvOf(tableOf(columns, null), about)).toContain(',,,all: closed,yes,');
  });

  it('are never a formula', () => {
    expect(csv('=HYPERLINK(1)')).toContain(`,'=HYPERLINK(1) (calls),`);
  });

  it('have a name that says whose and of which day', () => {
    expect(fileName(about, 'Same-day slots left', NINE, 'csv')).toBe(
      'swan-lane-bolton-same-day-slots-left-2026-07-01.csv',
    );
  });
});
