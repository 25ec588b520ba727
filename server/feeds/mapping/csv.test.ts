import { describe, expect, it } from 'vitest';
import { CANARY_TEXT } from '../../../test/fixtures/feeds/samples.ts';
import { readTable } from './csv.ts';

describe('a CSV text as a table', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n'],
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['line ends of several kinds', 'a,b\n1,2\r\n'],
    ['quoted headings with other separators in them', '"a","b"\n"1","2"\n'],
    ['blanks around headings', ' a , b \n1,2\n'],
    ['blank lines', '\na,b\n\n1,2\n\n'],
    ['a separator at the end of every line', 'a,b,\n1,2,\n'],
    ['a separator at the end of the headings alone', 'a,b,\n1,2\n'],
  ])('reads %s', (_, text) => {
    expect(readTable(text)).toEqual({ ok: true, rows: [{ a: '1', b: '2' }], refused: [], refusedCount: 0 });
  });

  it('keeps line ends and separators within quotes, and every cell a text', () => {
    const read = readTable('code;note;n\nP81001;"two\r\nlines; one ""cell""";007\n');
    expect(read).toMatchObject({ rows: [{ code: 'P81001', note: 'two\r\nlines; one "cell"', n: '007' }] });
  });

  it('takes the separator of the headings, whatever stands in the cells', () => {
    expect(readTable('a;b\n1,5;2,5\n')).toMatchObject({ rows: [{ a: '1,5', b: '2,5' }] });
    expect(readTable('"a,b,c";d\n1;2\n')).toMatchObject({ rows: [{ 'a,b,c': '1', d: '2' }] });
  });

  it('refuses rows of another width with their line, and keeps the others', () => {
    const read = readTable('a,b\n1,2\n3\n"x\ny",4\n5,6,7\n');
    expect(read).toMatchObject({
      rows: [
        { a: '1', b: '2' },
        { a: 'x\ny', b: '4' },
      ],
      refused: [
        { row: 1, reason: 'has 1 cells under 2 headings (line 3)' },
        { row: 3, reason: 'has 3 cells under 2 headings (line 6)' },
      ],
      refusedCount: 2,
    });
  });

  it('keeps 50 of the refused rows and counts them all', () => {
    const read = readTable(`a,b\n${'1\n'.repeat(300)}`);
    expect(read).toMatchObject({ rows: [], refusedCount: 300 });
    expect(read.ok && read.refused).toHaveLength(50);
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['blank lines only', '\n\r\n\n', 'is empty'],
    ['a heading that is missing', 'a,,c\n1,2,3\n', 'column 2 has no heading'],
    ['a heading that comes twice', 'a,b,a\n1,2,3\n', 'columns 1 and 3 have the same heading'],
    ['the same heading but for blanks', 'a, a\n1,2\n', 'columns 1 and 2 have the same heading'],
    ['a quote that never ends', 'a,b\n1,"2\n3,4\n', /line \d+ is quoted wrongly/],
    ['a quote within a cell', 'a,b\n1,2"3\n', /line 2 is quoted wrongly/],
    ['more rows than anybody sends', `a\n${'1\n'.repeat(20_001)}`, 'has more than 20000 rows'],
    [
      'more columns than anybody sends',
      Array.from({ length: 501 }, (_, i) => `c${i}`).join(','),
      'has more than 500 columns',
    ],
    ['a line without an end', `a,b\n1,${'x'.repeat(200_000)}\n`, /too long/],
  ])('refuses %s as a whole', (_, text, why) => {
    expect(readTable(text)).toEqual({
      ok: false,
      why: typeof why === 'string' ? why : (expect.stringMatching(why) as string),
    });
  });

  it('takes a heading called __proto__ as one like any other', () => {
    const read = readTable('__proto__,b\n1,2\n');
    expect(read.ok && Object.keys(read.rows[0] ?? {})).toEqual(['__proto__', 'b']);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('quotes nothing of the text in what it says', () => {
    for (const text of [
      `a,${CANARY_TEXT}"x\n1,2`,
      `${CANARY_TEXT},${CANARY_TEXT}\n1,2`,
      `a,b\n${CANARY_TEXT.replaceAll(',', ' ')}\n`,
    ]) {
      const read = readTable(text);
      expect(JSON.stringify(read.ok ? read.refused : read.why)).not.toContain('Quillfeather');
    }
  });
});
