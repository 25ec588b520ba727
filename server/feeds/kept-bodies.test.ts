import { describe, expect, it } from 'vitest';
import { createKeptBodies } from './kept-bodies.ts';

const own = (bytes: number) => Buffer.allocUnsafeSlow(bytes);

describe('bodies kept to compare with', () => {
  it('stay within their budget: who comes when it is full gets none, and nobody is pushed out', () => {
    const kept = createKeptBodies(1000);
    const first = kept.keep(own(600), null);
    expect(kept.keep(own(600), null)).toBeNull();
    expect(first?.bytes).toHaveLength(600);
    expect(kept.size()).toBe(600);
  });

  it('take the place of the one before, also where they find none themselves', () => {
    const kept = createKeptBodies(1000);
    const first = kept.keep(own(600), null);
    const second = kept.keep(own(900), first);
    expect([first?.bytes, second?.bytes?.length, kept.size()]).toEqual([null, 900, 900]);
    expect(kept.keep(own(1001), second)).toBeNull();
    expect([second?.bytes, kept.size()]).toEqual([null, 0]);
  });

  it('give up a place once, and none that is not theirs', () => {
    const kept = createKeptBodies(1000);
    const first = kept.keep(own(600), null);
    kept.keep(own(100), first);
    kept.keep(own(100), first);
    kept.keep(own(100), { bytes: own(500) });
    expect(kept.size()).toBe(300);
  });

  it('hold no more memory than they are long', () => {
    const kept = createKeptBodies(1000);
    const large = own(50_000);
    large.write('a small part');
    const slot = kept.keep(large.subarray(0, 12), null);
    expect(slot?.bytes?.toString()).toBe('a small part');
    expect(slot?.bytes?.buffer.byteLength).toBe(12);
    expect(kept.size()).toBe(12);
  });
});
