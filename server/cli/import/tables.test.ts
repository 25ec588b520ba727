import { expect, test } from 'vitest';
import { createTallies } from './tally.ts';
import { cleanHeading, readCount, readPublishedDate, readTable } from './tables.ts';

test.each([
  ['2026-03-01', '2026-03-01'],
  ['20191001', '2019-10-01'],
  ['01AUG2025', '2025-08-01'],
  ['06-Jan-22', '2022-01-06'],
  ['2026-02-30', null],
  ['soon', null],
  ['', null],
])('date %s is %s', (text, date) => {
  expect(readPublishedDate(text)).toBe(date);
});

test.each([
  ['11267', 11267],
  ['1,234', 1234],
  ['0', 0],
  ['', null],
  ['-', null],
  ['*', null],
  [undefined, null],
])('count %s is %s: what is not there is never zero', (cell, count) => {
  expect(readCount(cell)).toBe(count);
});

test('headings lose footnote marks and doubled blanks', () => {
  expect(cleanHeading('PCN Name [2,3]')).toBe('PCN Name');
  expect(cleanHeading('GP Practice  (ODS_CODE) ')).toBe('GP Practice (ODS_CODE)');
});

test('titles above the heading are passed over, and trailing blanks of cells are gone', () => {
  const tally = createTallies().of('t');
  const text = '\uFEFFReturn to Contents,,\n"Table 3: calls",,\nMonth [1],Code,Calls\n2025-10-01,P82004 , 12\n';
  expect(readTable(text, ['Month', 'Code'], 't', tally)).toEqual([
    { Month: '2025-10-01', Code: 'P82004', Calls: '12' },
  ]);
});

test('a table without the columns it must have is refused by name', () => {
  expect(() => readTable('a,b\n1,2\n', ['Month'], 'table3.csv', createTallies().of('t'))).toThrow(
    'table3.csv has no heading row with the columns Month',
  );
});
