import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstTime, sameButForTime } from './time-only.ts';

const KEYS = ['generatedAt', 'timestamp'];
const T1 = '2026-09-14T08:29:50Z';
const T2 = '2026-09-14T08:30:05.123+01:00';
const same = (a: string, b: string, keys = KEYS) => sameButForTime(Buffer.from(a), Buffer.from(b), keys);

/** The parsed payload with every time under one of the keys made the same. */
function withoutTimes(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload.map(withoutTimes);
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => [
      key,
      KEYS.includes(key) && typeof value === 'string' && /^\d{4}-/.test(value) ? 'T' : withoutTimes(value),
    ]),
  );
}

describe('a body that differs in nothing but its time', () => {
  it.each([
    ['the time is another', `{"generatedAt":"${T1}","a":1}`, `{"generatedAt":"${T1.replace('50', '55')}","a":1}`],
    ['the time is longer', `{"generatedAt":"${T1}","a":1}`, `{"generatedAt":"${T2}","a":1}`],
    ['it stands last', `{"a":[1,2],"generatedAt" : "${T1}"}`, `{"a":[1,2],"generatedAt" : "${T2}"}`],
    [
      'there are two',
      `{"timestamp":"${T1}","b":{"generatedAt":"${T1}"}}`,
      `{"timestamp":"${T2}","b":{"generatedAt":"${T2}"}}`,
    ],
    ['nothing differs', `{"generatedAt":"${T1}"}`, `{"generatedAt":"${T1}"}`],
  ])('%s', (_, a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
  });

  it.each([
    ['a number', `{"generatedAt":"${T1}","a":1}`, `{"generatedAt":"${T1}","a":2}`],
    ['a number and the time', `{"generatedAt":"${T1}","a":1}`, `{"generatedAt":"${T2}","a":2}`],
    ['a time under another key', `{"at":"${T1}"}`, `{"at":"${T2}"}`],
    ['something that is no time', `{"generatedAt":"${T1}"}`, '{"generatedAt":"2026-19-14T08:29:50Z"}'],
    ['a time without its offset', `{"generatedAt":"${T1}"}`, '{"generatedAt":"2026-09-14T08:29:51"}'],
    ['a time that becomes null', `{"generatedAt":"${T1}"}`, '{"generatedAt":null}'],
    ['what follows', `{"generatedAt":"${T1}"}`, `{"generatedAt":"${T1}","a":1}`],
    ['a key inside a text', `{"n":"x\\"generatedAt\\":\\"${T1}"}`, `{"n":"x\\"generatedAt\\":\\"${T2}"}`],
    ['a key that ends like one', `{"a\\"generatedAt":"${T1}"}`, `{"a\\"generatedAt":"${T2}"}`],
    ['a longer key', `{"regeneratedAt":"${T1}"}`, `{"regeneratedAt":"${T2}"}`],
    ['a text that is the key', `["generatedAt","${T1}"]`, `["generatedAt","${T2}"]`],
    ['a key written with escapes', `{"generated\\u0041t":"${T1}"}`, `{"generated\\u0041t":"${T2}"}`],
    ['the key', `{"generatedAt":"${T1}"}`, `{"generatedBt":"${T1}"}`],
  ])('is another where %s differs', (_, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  it('is read again where more times differ than are looked at', () => {
    const many = (time: string) => JSON.stringify(Array.from({ length: 20 }, () => ({ timestamp: time })));
    expect(same(many(T1), many(T2))).toBe(false);
  });

  it('never is called unchanged where anything else has changed', () => {
    const text = fc.oneof(
      fc.constantFrom('generatedAt', '"generatedAt":"', `\\"generatedAt\\":\\"${T1}`, T1, T2, '\\', '"', ''),
      fc.string({ maxLength: 12 }),
    );
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(text, fc.integer(), fc.constantFrom(null, true), fc.constantFrom(T1, T2)),
      tree: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom('generatedAt', 'timestamp', 'waiting'), text), tie('tree'), {
          maxKeys: 5,
        }),
      ),
    }));
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 3 }), insert: fc.oneof(text, fc.constantFrom(T2)) });
    let unchanged = 0;
    fc.assert(
      fc.property(tree, fc.array(edit, { maxLength: 2 }), fc.boolean(), (payload, edits, retime) => {
        const before = JSON.stringify(payload);
        let after = retime ? before.replaceAll(T1, T2) : before;
        for (const { at, remove, insert } of edits) {
          const place = at % (after.length + 1);
          after = after.slice(0, place) + insert + after.slice(place + remove);
        }
        if (!same(before, after)) return;
        unchanged++;
        expect(withoutTimes(JSON.parse(after))).toEqual(withoutTimes(JSON.parse(before)));
      }),
      { seed: 3, numRuns: 20_000 },
    );
    // The property says something only where bodies are called unchanged at all.
    expect(unchanged).toBeGreaterThan(500);
  });

  it('is called unchanged wherever only its times have changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 86_399 }), fc.boolean(), (rest, second, first) => {
        const time = new Date(Date.UTC(2026, 8, 14) + second * 1000).toISOString();
        const payload = (at: string) => JSON.stringify(first ? { generatedAt: at, rest } : { rest, timestamp: at });
        expect(same(payload(T1), payload(time))).toBe(true);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it('compares long bodies to their last byte', () => {
    const body = JSON.stringify({ generatedAt: T1, rest: 'x'.repeat(50_000) });
    for (const at of [60, 255, 256, 257, 2303, 2304, 18_000, 40_000, body.length - 3]) {
      const other = `${body.slice(0, at)}y${body.slice(at + 1)}`.replace(T1, T2);
      expect(same(body, other)).toBe(false);
    }
    expect(same(body, body.replace(T1, T2))).toBe(true);
  });
});

describe('the time of a body', () => {
  it.each([
    [`{"a":1,"timestamp":"${T1}","generatedAt":"${T2}"}`, T1],
    [`{"generatedAt" :\n "${T2}"}`, T2],
    ['{"a":1}', null],
    ['{"generatedAt":7}', null],
    ['{"generatedAt":"soon"}', null],
    [`{"n":"\\"generatedAt\\":\\"${T1}\\""}`, null],
  ])('of %s is %s', (body, time) => {
    expect(firstTime(Buffer.from(body), KEYS)).toBe(time);
  });
});
