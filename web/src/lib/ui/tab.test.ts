import { describe, expect, it } from 'vitest';
import { iconOf, titleOf } from './tab.ts';

const drawn = (icon: string) => decodeURIComponent(icon);

describe('what a browser tab says', () => {
  it('begins with number and word, as that is all a narrow tab has room for', () => {
    expect(titleOf(['Feeds', 'Greater Manchester'], { level: 3 })).toBe(
      '3 Severe · Feeds · Greater Manchester · Headroom',
    );
    expect(titleOf(['Bury'], { level: null })).toBe('? Unknown · Bury · Headroom');
    expect(titleOf(['Hub'], { level: null, closed: true })).toBe('Closed · Hub · Headroom');
  });

  it('names no level that nobody has said', () => {
    expect(titleOf([''], { level: undefined })).toBe('Headroom');
    expect(iconOf({ level: undefined })).toBe('/favicon.svg');
  });

  it('says since when it is not live instead of the last level, and shows a question mark', () => {
    const dead = { level: 4, deadSince: Date.parse('2026-01-12T09:42:00Z') } as const;
    expect(titleOf(['Bury'], dead)).toBe('Not live since 9:42am · Bury · Headroom');
    expect(drawn(iconOf(dead))).toContain('>?<');
  });

  it('says that it is a replay', () => {
    expect(titleOf(['Bury'], { level: 2, replay: true })).toBe('Replay · 2 Moderate · Bury · Headroom');
  });

  it('draws the number, and level 4 with a ring', () => {
    expect(drawn(iconOf({ level: 4 }))).toMatch(/stroke="#fff".*>4</);
    expect(drawn(iconOf({ level: 1 }))).toContain('>1<');
    expect(drawn(iconOf({ level: null, closed: true }))).toContain('>–<');
  });
});
