import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pickByShare, shareOut } from './spread.ts';

test('shares add up exactly and stay within one of what is fair', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.array(fc.nat(1e4), { minLength: 1, maxLength: 9 }), (total, weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      const parts = shareOut(total, weights);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(sum === 0 ? 0 : total);
      parts.forEach((part, i) => {
        if (sum > 0) expect(Math.abs(part - (total * (weights[i] ?? 0)) / sum)).toBeLessThan(1);
      });
    }),
  );
});

test('suppliers are shared out about as asked, and the same way every time', () => {
  const codes = Array.from({ length: 2000 }, (_, i) => `P${80000 + i}`);
  const pick = (code: string) => pickByShare(code, { a: 45, b: 25, c: 20, d: 10 });
  const count = (name: string) => codes.filter((code) => pick(code) === name).length / codes.length;
  expect(Math.abs(count('a') - 0.45)).toBeLessThan(0.04);
  expect(Math.abs(count('d') - 0.1)).toBeLessThan(0.03);
  expect(codes.map(pick)).toEqual(codes.map(pick));
});
