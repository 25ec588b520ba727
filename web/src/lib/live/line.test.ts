import { describe, expect, it } from 'vitest';
import { lineState, readClock } from './clock.ts';
import { parseFrame, reconnectDelay } from './line.ts';

describe('reconnectDelay', () => {
  it('lies anywhere below a ceiling that doubles and stops at 8 s', () => {
    expect(reconnectDelay(0, 0)).toBe(0);
    expect(reconnectDelay(0, 0.999)).toBeLessThan(500);
    expect(reconnectDelay(3, 0.5)).toBe(2000);
    expect(reconnectDelay(99, 0.999)).toBeLessThan(8000);
  });
});

describe('parseFrame', () => {
  const heartbeat = {
    type: 'heartbeat',
    protocol: 1,
    epoch: 'e',
    seq: 1,
    at: '',
    key: '',
    clock: { now: 1, speed: 1 },
  };
  it('takes a frame of this protocol', () => {
    expect(parseFrame(heartbeat)).toBe(heartbeat);
  });
  it.each([
    ['nothing', null],
    ['text', 'heartbeat'],
    ['another protocol', { ...heartbeat, protocol: 2 }],
    ['an unknown type', { ...heartbeat, type: 'gossip', units: [], feeds: [] }],
    ['a missing position', { ...heartbeat, seq: undefined }],
    ['a broken clock', { ...heartbeat, clock: { now: 'noon', speed: 1 } }],
    ['a patch without units', { ...heartbeat, type: 'patch' }],
    ['a snapshot without its part', { ...heartbeat, type: 'snapshot', units: [], feeds: [] }],
  ])('refuses %s', (_name, data) => {
    expect(parseFrame(data)).toBeNull();
  });
});

describe('the clock of a screen', () => {
  it('is the frame time plus what has gone by, at the product speed', () => {
    const anchor = { clock: { now: 1_000_000, speed: 10, simulated: true }, monotonicMs: 500 };
    expect(readClock(anchor, 1500)).toBe(1_010_000);
    expect(readClock(anchor, 400)).toBe(1_000_000);
  });
  it('says quiet after 20 s without a frame and lost after 60 s', () => {
    expect(lineState(10_000, null, 0)).toBe('connecting');
    expect(lineState(10_000, 9000, 0)).toBe('live');
    expect(lineState(29_000, 9000, 0)).toBe('quiet');
    expect(lineState(69_000, 9000, 0)).toBe('lost');
    expect(lineState(60_000, null, 0)).toBe('lost');
  });
});
