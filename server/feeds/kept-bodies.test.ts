import { describe, expect, it } from 'vitest';
import { createKeptBodies } from './kept-bodies.ts';

const own = (bytes: number) => Buffer.allocUnsafeSlow(bytes);

describe('bodies kept to compare with', () => {
  it('stay within their budget: who comes when it is full gets none, and nobody is pushed out', () => {
    const kept = createKeptBodies(1000);
    expect(kept.replace(null, own(600))).toBe(true);
    expect(kept.fit(own(600), null)).toBeNull();
    expect(kept.replace(null, own(600))).toBe(false);
    expect(kept.size()).toBe(600);
  });

  it('take the place of the one before, also where they find none themselves', () => {
    const kept = createKeptBodies(1000);
    const [first, second, third] = [own(600), own(900), own(1001)];
    kept.replace(null, first);
    expect(kept.fit(second, first)).toBe(second);
    expect(kept.replace(first, second)).toBe(true);
    expect(kept.size()).toBe(900);
    expect(kept.fit(third, second)).toBeNull();
    expect(kept.replace(second, third)).toBe(false);
    expect(kept.size()).toBe(0);
  });

  it('count only once they are kept, and no longer than that', () => {
    const kept = createKeptBodies(1000);
    const body = kept.fit(own(600), null);
    expect(kept.size()).toBe(0);
    kept.replace(null, body);
    expect(kept.size()).toBe(600);
    kept.replace(body, null);
    expect(kept.size()).toBe(0);
  });

  it('hold no more memory than they are long', () => {
    const kept = createKeptBodies(1000);
    const large = own(50_000);
    large.write('a small part');
    const body = kept.fit(large.subarray(0, 12), null);
    expect(body?.toString()).toBe('a small part');
    kept.replace(null, body);
    expect(kept.size()).toBe(12);
  });
});
