import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactCsv } from './redact-csv.ts';
import { redact } from './redact.ts';

const RULES = {
  keeps: { odsCode: /^[A-Za-z]{1,3}[A-Za-z0-9-]{2,12}$/, at: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  links: ['id', 'reference', 'fullUrl'],
};
const NOTHING = { keeps: {}, links: [] };

describe('a redacted copy', () => {
  it.each([
    ['a kept code', { odsCode: 'P84001' }, { odsCode: 'P84001' }],
    [
      'a kept time with nanoseconds',
      { at: '2026-11-23T09:40:00.123456789Z' },
      { at: '2026-11-23T09:40:00.123456789Z' },
    ],
    ['a kept key with another text in it', { odsCode: 'Ottoline B' }, { odsCode: 'xxxxxxxx x' }],
    ['a kept key with a line more', { odsCode: 'P84001\nOttoline' }, { odsCode: 'text of 15 characters' }],
    ['a code with a number of a person in it', { odsCode: 'NHS9434765919' }, { odsCode: 'text of 13 characters' }],
    ['a code with a date in it', { odsCode: 'A1948-03-12' }, { odsCode: 'x####-##-##' }],
    ['a short text', { note: 'Él 12/03' }, { note: 'xx ##/##' }],
    ['a long text', { note: 'rang about her knee' }, { note: 'text of 19 characters' }],
    ['a number as text', { waiting: '12' }, { waiting: '##' }],
    ['digits of other scripts', { note: '٠١٢３' }, { note: '####' }],
    ['numbers, booleans and null', { a: -1.5, b: true, c: null }, { a: -1.5, b: true, c: null }],
    ['a long number', { nhs: 9434765919 }, { nhs: 'number of 10 digits' }],
    ['a number with a long fraction', { x: 0.123456789 }, { x: 'number of 9 digits' }],
    ['a key that is a name', { 'Ottoline Brack': 1, 9434765919: 2 }, { 'key#1': 1, 'key#2': 2 }],
    ['a key that begins like a name', { Brackenbury: 1, waiting: 2 }, { 'key#1': 1, waiting: 2 }],
    ['a key of eight digits', { ref12345678: 1 }, { 'key#1': 1 }],
    [
      'links',
      { id: 'x', reference: 'Schedule/x', fullUrl: 'http://h/Schedule/x' },
      { id: '#1', reference: 'Schedule/#1', fullUrl: 'Schedule/#1' },
    ],
    ['a link to a person', { reference: 'Patient/9434765919' }, { reference: '#1' }],
    ['contained links', { reference: '#s', contained: [{ id: 's' }] }, { reference: '##1', contained: [{ id: '#1' }] }],
    ['lists under a kept key', { odsCode: ['P84001', 'no code'] }, { odsCode: ['P84001', 'xx xxxx'] }],
  ])('%s', (_, payload, copy) => {
    expect(redact(payload, RULES)).toEqual(copy);
  });

  it('keeps equal links equal and different ones apart', () => {
    const copy = redact([{ id: 'a' }, { id: 'b' }, { reference: 'a' }], RULES);
    expect(copy).toEqual([{ id: '#1' }, { id: '#2' }, { reference: '#1' }]);
  });

  it('does not let a payload reach the prototype', () => {
    const copy = redact(JSON.parse('{"__proto__": {"odsCode": "P84001"}}'), RULES) as Record<string, unknown>;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).toEqual({ 'key#1': { odsCode: 'P84001' } });
  });

  it('ends at a depth and a length, and says so', () => {
    let deep: unknown = 'Ottoline';
    for (let i = 0; i < 20_000; i++) deep = { a: deep };
    expect(JSON.stringify(redact(deep, RULES))).toContain('"…"');
    const long = redact({ list: Array.from({ length: 6000 }, () => 1) }, RULES) as { list: unknown[] };
    expect(long.list.length).toBe(5001);
    expect(long.list.at(-1)).toBe('… 1000 more');
  });

  it('is taken the same way twice: nothing of a pattern is left over', () => {
    const sticky = { keeps: { code: /[a-z]+/g }, links: [] };
    expect(redact([{ code: 'abc' }, { code: 'abc' }], sticky)).toEqual([{ code: 'abc' }, { code: 'abc' }]);
  });
});

const CANARIES = ['Ottoline Brackenbury', '9434765919', '943 476 5919', '1948-03-12', '12/03/1948', '07700900123'];

describe('whatever comes', () => {
  const text = fc.oneof(
    fc.constantFrom(...CANARIES),
    fc.tuple(fc.string(), fc.constantFrom(...CANARIES), fc.string()).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.oneof(text, fc.constantFrom('id', 'odsCode', 'at', 'name', 'note')), tie('value')),
    ),
  }));

  it('no name, number or date of a person can be read in the copy', () => {
    fc.assert(
      fc.property(value, (payload) => {
        const copy = JSON.stringify(redact(payload, RULES)) ?? '';
        for (const canary of CANARIES) expect(copy).not.toContain(canary);
        for (const word of ['Ottoline', 'Brackenbury']) expect(copy).not.toContain(word);
        expect(copy).not.toMatch(/\d{8}/);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('a copy of a copy is the same, but for what is numbered', () => {
    fc.assert(
      fc.property(value, (payload) => {
        const once = redact(payload, NOTHING);
        expect(shape(redact(once, NOTHING))).toEqual(shape(once));
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it('no person can be read in a table', () => {
    const cell = fc.oneof(text, fc.nat().map(String), fc.constantFrom('P84001', ''));
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
        const lines = ['odsCode,name,waiting'.replaceAll(',', delimiter), ...rows.map((row) => row.join(delimiter))];
        const copy = redactCsv(lines.join('\n'), RULES);
        for (const canary of CANARIES) expect(copy).not.toContain(canary);
        expect(copy).not.toMatch(/\d{8}/);
      }),
      { seed: 9, numRuns: 1000 },
    );
  });
});

/** Structure alone: how deep and how many, not which texts. */
const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(shape);
  return typeof value === 'string' ? 'text' : value;
};

describe('a redacted table', () => {
  it('keeps names of columns, numbers and kept codes', () => {
    const text = '\uFEFFodsCode,Calls waiting,Agent\r\nP84001,12,"Brackenbury, O"\r\nP84002,1.5%,x\r\n';
    const named = { ...RULES, fields: new Set(['Calls waiting']) };
    expect(redactCsv(text, named)).toBe(
      'odsCode,Calls waiting,column 3\nP84001,12,text of 14 characters\nP84002,1.5%,x',
    );
  });

  it('masks a first line that holds data instead of names', () => {
    expect(redactCsv('Ottoline,9434765919\nP84001,3', RULES)).toBe('xxxxxxxx,##########\nx#####,3');
  });

  it('reads quotes that never end to the end of the text, and no further', () => {
    const named = { ...NOTHING, fields: new Set(['a', 'b']) };
    expect(redactCsv('a,b\n1,"Ott\n2,3', named)).toBe('a,b\n1,"xxx\n#,#"');
  });
});
