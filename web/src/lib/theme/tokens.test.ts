import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, distance, greyOf, seenAs, tokensOf, type Sight, type ThemeName } from './colour.ts';

const CSS = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const THEMES: readonly ThemeName[] = ['light', 'dark', 'wall'];
const SIGHTS: readonly Sight[] = ['protanopia', 'deuteranopia', 'tritanopia'];
const LEVELS = ['l1', 'l2', 'l3', 'l4'] as const;

/** Text on what it stands on; a wall is read from 8 m, where text asks for more. */
const TEXT: readonly (readonly [ink: string, ground: string])[] = [
  ...['ink', 'ink-2', 'ink-3', 'accent', 'capacity', 'held'].flatMap((ink) =>
    ['ground', 'panel', 'raised'].map((ground) => [ink, ground] as const),
  ),
  ...['l1', 'l2', 'l3', 'l4', 'unknown'].map((level) => [`${level}-ink`, level] as const),
  ['ground', 'ink'],
  ['on-accent', 'accent'],
  ['ink', 'normal-band'],
];

describe.each(THEMES)('the %s theme', (theme) => {
  const token = tokensOf(CSS, theme);

  it.each(TEXT)('can be read: %s on %s', (ink, ground) => {
    const large = theme === 'wall' && /^(ink|ink-2|l[1-4]-ink)$/.test(ink) && ground !== 'raised';
    expect(contrast(token(ink), token(ground))).toBeGreaterThanOrEqual(large ? 7 : 4.5);
  });

  it('shows the mark of what has the focus on every ground: yellow with black around it', () => {
    for (const ground of ['ground', 'panel', 'raised', 'accent']) {
      const best = Math.max(contrast(token('focus'), token(ground)), contrast('#000000', token(ground)));
      expect(best).toBeGreaterThanOrEqual(3);
    }
  });

  it('draws the edge of what can be filled in so that it is seen on every ground', () => {
    for (const ground of ['ground', 'panel', 'raised'])
      expect(contrast(token('edge'), token(ground))).toBeGreaterThanOrEqual(3);
  });

  it.each([...SIGHTS, 'all colours'] as const)('keeps any two levels apart to %s', (sight) => {
    const seen = LEVELS.map((level) => (sight === 'all colours' ? token(level) : seenAs(token(level), sight)));
    for (const [index, colour] of seen.entries())
      for (const other of seen.slice(index + 1)) expect(distance(colour, other)).toBeGreaterThanOrEqual(18);
  });

  it('keeps neighbouring levels apart in greyscale, and level 4 the strongest of all', () => {
    const greys = LEVELS.map((level) => greyOf(token(level)));
    for (const [index, grey] of greys.entries())
      for (const other of greys.slice(index + 1)) expect(Math.abs(grey - other)).toBeGreaterThanOrEqual(6);
    const ground = greyOf(token('panel'));
    const strength = greys.map((grey) => Math.abs(grey - ground));
    expect(Math.max(...strength)).toBe(strength[3]);
  });

  it('lets level 1 recede', () => {
    expect(contrast(token('l1'), token('panel'))).toBeLessThan(contrast(token('l4'), token('panel')) / 3);
  });
});
