import { describe, expect, it } from 'vitest';
import { decode, readCsv, readJson } from './body.ts';
import { MAX_DEPTH } from './depth.ts';

const state = (read: ReturnType<typeof readJson>) => (read.ok ? 'ok' : read.fault.state);

describe('a JSON body', () => {
  it.each([
    ['application/json', '{"a":1}'],
    ['application/fhir+json; version=1.4.0', '{"a":1}'],
    ['text/json', ' \n[1]'],
    ['', '[1]'],
    ['application/json', '\uFEFF{"a":1}'],
    ['application/json', 'null'],
  ])('as %j %j is read', (type, body) => {
    expect(state(readJson(type, Buffer.from(body)))).toBe('ok');
  });

  it.each([
    ['text/csv', '{"a":1}', 'wrong-type'],
    ['', 'a,b', 'wrong-type'],
    ['application/json', '<html>', 'wrong-type'],
    ['application/json', ' \n ', 'malformed'],
    ['application/json', '{"a":', 'malformed'],
    ['application/json', 'NaN', 'malformed'],
  ])('as %j %j is not: %s', (type, body, fault) => {
    expect(state(readJson(type, Buffer.from(body)))).toBe(fault);
  });

  const nested = (depth: number, open = '[', close = ']') => `${open.repeat(depth)}${close.repeat(depth)}`;

  it.each([
    ['lists', nested(MAX_DEPTH + 1)],
    ['objects', nested(100_000, '{"a":', '}').replace(':}', ':1}')],
    ['lists beside others', `{"a":[${'{},'.repeat(2000)}${nested(MAX_DEPTH)}]}`],
  ])('is refused where %s go too deep', (_, deep) => {
    expect(state(readJson('application/json', Buffer.from(deep)))).toBe('too-large');
  });

  it('is taken however wide it is, and to the last level that is allowed', () => {
    const wide = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i, list: [{}] })));
    expect(state(readJson('application/json', Buffer.from(wide)))).toBe('ok');
    expect(state(readJson('application/json', Buffer.from(nested(MAX_DEPTH))))).toBe('ok');
    expect(state(readJson('application/json', Buffer.from(JSON.stringify('[{'.repeat(5000)))))).toBe('ok');
  });
});

describe('a CSV body', () => {
  it.each(['text/csv', 'text/csv; charset=utf-8', 'text/plain', 'application/csv', 'Text/CSV;header=present', ''])(
    'as %j is handed on as text',
    (type) => {
      expect(readCsv(type, Buffer.from('\uFEFFods,waiting\nP81001,3\n'))).toEqual({
        ok: true,
        payload: 'ods,waiting\nP81001,3\n',
      });
    },
  );

  it('is read in the character set that it declares', () => {
    expect(readCsv('text/csv; charset=iso-8859-1', Buffer.from('name\nCaf\xe9\n', 'latin1'))).toEqual({
      ok: true,
      payload: 'name\nCafé\n',
    });
  });

  it.each([
    ['application/json', '{"a":1}'],
    ['text/plain', '{"a":1}'],
    ['', '[1]'],
    ['application/json', 'a,b'],
    ['text/html', 'a,b'],
    ['text/csv', '<!doctype html>'],
    ['text/csv; charset=klingon', 'a,b'],
    ['text/csvx', 'a,b'],
  ])('is not what comes as %j %j', (type, body) => {
    expect(state(readCsv(type, Buffer.from(body)))).toBe('wrong-type');
  });

  it('that is empty is malformed', () => {
    expect(state(readCsv('text/csv', Buffer.from('\r\n')))).toBe('malformed');
  });
});

describe('a body that is not compressed', () => {
  it.each(['', ' identity '])('with encoding %j is there at once', (encoding) => {
    const body = Buffer.from('{}');
    expect(decode(body, encoding, 10)).toBe(body);
  });
});
