import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SupplierDef } from '#shared/model/definition.ts';
import { createQuotas, type Quotas } from './quota.ts';

const supplier = (perMinute: number | null, perSecond: number | null): SupplierDef => ({
  id: 'norhall-telecom',
  name: 'Norhall Telecom',
  perMinute,
  perSecond,
  contact: null,
  fields: {},
});
const NORHALL = 'norhall-telecom';
const never = new AbortController().signal;

/** Most of `times` within any window of `windowMs`. */
function most(times: readonly number[], windowMs: number): number {
  let from = 0;
  return times.reduce((highest, at, i) => {
    while (at - (times[from] ?? at) >= windowMs) from++;
    return Math.max(highest, i - from + 1);
  }, 0);
}

let quotas: Quotas | null = null;
afterEach(() => {
  quotas?.stop();
  quotas = null;
  vi.useRealTimers();
});

describe('quotas', () => {
  it('are never exceeded in any window, whenever requests are wanted', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3000, noNaN: true })), { maxLength: 600 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 80 }), gaps, (minute, second, waits) => {
        let now = 0;
        const under = createQuotas([supplier(minute, second)], () => now);
        const begun: number[] = [];
        for (const wait of waits) {
          now += wait;
          while (under.take(NORHALL)) begun.push(now);
        }
        expect(most(begun, 1000)).toBeLessThanOrEqual(second);
        expect(most(begun, 60_000)).toBeLessThanOrEqual(minute);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it.each([
    [1, null],
    [60, null],
    [300, 60],
    [null, 1],
    [null, 10],
  ])('are nearly used up when there is always something to ask (%s a minute, %s a second)', (minute, second) => {
    let now = 0;
    const under = createQuotas([supplier(minute, second)], () => now);
    let begun = 0;
    for (; now < 10 * 60_000; now += 50) while (under.take(NORHALL)) begun++;
    const allowed = Math.min((minute ?? Infinity) * 10, (second ?? Infinity) * 600);
    expect(begun).toBeLessThanOrEqual(allowed);
    expect(begun).toBeGreaterThan(allowed * 0.85);
  });

  it('do not hold back a supplier that has none', () => {
    const under = createQuotas([supplier(null, null)], () => 0);
    for (let i = 0; i < 1000; i++) expect(under.take(NORHALL)).toBe(true);
    expect(under.rate(NORHALL)).toBeNull();
    expect(under.take('somebody-else')).toBe(true);
  });

  it('let those who wait begin in order, and nobody before them', async () => {
    vi.useFakeTimers();
    quotas = createQuotas([supplier(null, 1)], () => performance.now());
    const order: string[] = [];
    expect(quotas.take(NORHALL)).toBe(true);
    const waits = ['a', 'b', 'c'].map((name) =>
      quotas?.wait(NORHALL, 60_000, never).then((begun) => order.push(`${name} ${begun}`)),
    );
    await vi.advanceTimersByTimeAsync(1500);
    expect(order).toEqual(['a true']);
    expect(quotas.ready(NORHALL)).toBe(false);
    await vi.advanceTimersByTimeAsync(2500);
    await Promise.all(waits);
    expect(order).toEqual(['a true', 'b true', 'c true']);
  });

  it('are waited for no longer than the limit, nor after the end', async () => {
    vi.useFakeTimers();
    quotas = createQuotas([supplier(1, null)], () => performance.now());
    const ending = new AbortController();
    expect(quotas.take(NORHALL)).toBe(true);
    const short = quotas.wait(NORHALL, 2000, never);
    const given = quotas.wait(NORHALL, 60_000, ending.signal);
    await vi.advanceTimersByTimeAsync(2100);
    expect(await short).toBe(false);
    ending.abort();
    expect(await given).toBe(false);
    const last = quotas.wait(NORHALL, 60_000, never);
    quotas.stop();
    expect(await last).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
