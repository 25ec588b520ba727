import { describe, expect, it } from 'vitest';
import { readAsked, withAsked } from './address.ts';

const url = (path: string) => new URL(path, 'http://headroom.test');

describe('the moment in an address', () => {
  it('is read back as it was written, and leaves what else the address says', () => {
    const at = Date.UTC(2026, 0, 12, 9, 15);
    const written = withAsked(url('/units/U1?open=a%2Cb#log'), { at, speed: 60, chosen: 60 });
    expect(written).toBe('/units/U1?open=a%2Cb&at=2026-01-12T09:15:00Z&speed=60#log');
    expect(readAsked(url(written))).toEqual({ at, speed: 60, chosen: 60 });
  });

  it('names no speed while it stands still', () => {
    expect(withAsked(url('/'), { at: Date.UTC(2026, 0, 12, 9, 15, 0, 700), speed: 0, chosen: 60 })).toBe(
      '/?at=2026-01-12T09:15:00Z',
    );
  });

  it('keeps the speed that was chosen while it stands still, and runs on at that', () => {
    const at = Date.UTC(2026, 0, 12, 9, 15);
    const written = withAsked(url('/?at=2026-01-12T08:00:00Z&speed=60'), { at, speed: 0, chosen: 300 });
    expect(written).toBe('/?at=2026-01-12T09:15:00Z&play=300');
    expect(readAsked(url(written))).toEqual({ at, speed: 0, chosen: 300 });
    expect(readAsked(url('/?at=2026-01-12T09:15:00Z'))?.chosen).toBe(60);
    expect(readAsked(url('/?at=2026-01-12T09:15:00Z&play=fast'))?.chosen).toBe(60);
    expect(withAsked(url(written), null)).toBe('/');
  });

  it('is taken out again', () => {
    expect(withAsked(url('/?find=x&at=2026-01-12T09:15:00Z&speed=10'), null)).toBe('/?find=x');
  });

  it.each(['/', '/?at=', '/?at=yesterday', '/?speed=10'])('is none in %s', (path) => {
    expect(readAsked(url(path))).toBeNull();
  });

  it.each([
    ['-1', 0],
    ['601', 0],
    ['fast', 0],
    ['600', 600],
  ])('takes speed %s as %d', (speed, read) => {
    expect(readAsked(url(`/?at=2026-01-12T09:15:00Z&speed=${speed}`))?.speed).toBe(read);
  });
});
