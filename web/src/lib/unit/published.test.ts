import { describe, expect, it } from 'vitest';
import type { PublishedBody } from '$shared/protocol/published';
import { publishedTable, registerLine, sayMonth } from './published.ts';

const figure = (item: string, month: string, value: number) => ({
  dataset: 'd',
  item,
  month,
  value,
  days: null,
  file: `${item}.csv`,
});
const body = (more: Partial<PublishedBody> = {}): PublishedBody => ({
  unit: 'P1',
  organisation: null,
  memberships: [],
  figures: [],
  ...more,
});

describe('published figures', () => {
  it('stand by month, oldest first, shares beside what they are shares of', () => {
    const figures = [
      figure('calls.inbound', '2026-02', 1000),
      figure('calls.answered', '2026-02', 620),
      figure('calls.inbound', '2026-01', 900),
      figure('wait/answered/under-1-min', '2025-12', 3),
    ];
    expect(publishedTable(body({ figures }))).toEqual({
      months: ['2026-01', '2026-02'],
      rows: [
        { label: 'Calls', cells: ['900', '1,000'], source: 'calls.inbound.csv' },
        { label: 'Answered', cells: [null, '62%'], source: 'calls.answered.csv' },
      ],
    });
  });

  it('are nothing where nothing was imported, or only what is not shown', () => {
    expect(publishedTable(body())).toBeNull();
    expect(publishedTable(body({ figures: [figure('E16', '2026-01', 3)] }))).toBeNull();
  });

  it('make no share of a whole that is not there or is none', () => {
    const figures = [figure('calls.answered', '2026-02', 620), figure('calls.inbound', '2026-02', 0)];
    expect(publishedTable(body({ figures }))?.rows).toEqual([
      { label: 'Calls', cells: ['0'], source: 'calls.inbound.csv' },
    ]);
  });
});

describe('the register', () => {
  const organisation = { name: 'P', kind: 'practice', parent: null, status: 'A', opened: '1974-04-01', closed: null };

  it.each<[string, Partial<PublishedBody>, string]>([
    ['an active practice', { organisation }, ''],
    ['a closed one', { organisation: { ...organisation, status: 'C', closed: '2026-01-31' } }, 'closed 31 Jan 2026'],
    ['a dormant one', { organisation: { ...organisation, status: 'D' } }, 'dormant'],
    [
      'one that changed its network',
      {
        memberships: [
          { network: 'U2', name: 'NEW PCN', from: '2023-04-01', to: null },
          { network: 'U1', name: null, from: '2019-07-01', to: '2023-03-31' },
        ],
      },
      'in U1 until 31 Mar 2023',
    ],
  ])('says of %s what is out of the ordinary', (_, more, line) => {
    expect(registerLine(body(more))).toBe(line);
  });

  it('says months as people do', () => expect(sayMonth('2026-02')).toBe('Feb 2026'));
});
