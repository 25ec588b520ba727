import { describe, expect, it } from 'vitest';
import type { ScreenOrders } from '$shared/protocol/screens';
import { pauseAfter, SPEAK_MS, stateAfter, stepsSince } from './link-answer.ts';

const orders = (count: number, run = 'a'): ScreenOrders => ({
  settings: { name: 'Wall', unit: 'x', scenes: [{ kind: 'system', seconds: 20 }], paused: false, night: null },
  revision: 1,
  steps: { run, count },
});
const refused = (status: number, code: string) => ({ ok: false, status, code, detail: '' }) as const;
const answered = { ok: true, body: orders(0) } as const;

describe('what a wall makes of its server’s answer', () => {
  it('takes a revocation and a missing pairing from the server alone', () => {
    expect(stateAfter('live', refused(403, 'SCREEN_REVOKED'))).toBe('revoked');
    expect(stateAfter('live', refused(401, 'SCREEN_UNKNOWN'))).toBe('unpaired');
    expect(stateAfter('live', refused(0, 'NO_ANSWER'))).toBe('unreachable');
    expect(stateAfter('live', refused(503, 'SCREENS_NOT_KEPT'))).toBe('unreachable');
  });

  it('gives nothing back while the server is silent, and everything once it answers', () => {
    expect(stateAfter('revoked', refused(0, 'TIMEOUT'))).toBe('revoked');
    expect(stateAfter('unpaired', refused(0, 'NO_ANSWER'))).toBe('unpaired');
    expect(stateAfter('revoked', answered)).toBe('live');
  });

  it('steps by what was ordered since, and not by what another run of the server had counted', () => {
    expect(stepsSince(null, orders(4))).toBe(0);
    expect(stepsSince(orders(4), orders(6))).toBe(2);
    expect(stepsSince(orders(4), orders(3))).toBe(-1);
    expect(stepsSince(orders(4), orders(0, 'b'))).toBe(0);
  });

  it('speaks every 5 s whether or not the server held its answer, soon after new orders, with jitter after a failure', () => {
    const given = { isNew: false, tookMs: 0, failed: 0, random: 0.5 };
    expect(pauseAfter(answered, given)).toBe(SPEAK_MS);
    expect(pauseAfter(answered, { ...given, tookMs: 4000 })).toBe(1000);
    expect(pauseAfter(answered, { ...given, isNew: true })).toBeLessThan(1000);
    expect(pauseAfter(refused(0, ''), { ...given, failed: 9, random: 0 })).toBe(500);
    expect(pauseAfter(refused(0, ''), { ...given, failed: 9, random: 0.999 })).toBeLessThan(8600);
  });
});
