import { describe, expect, it } from 'vitest';
import { sayLevels } from './level-news.ts';

describe('what is spoken of levels', () => {
  it('names number and word, and unknown as unknown', () => {
    expect(
      sayLevels([
        { name: 'Bolton', level: 4 },
        { name: 'Bury', level: null },
      ]),
    ).toBe('Bolton: level 4, Extreme. Bury: level unknown');
  });

  it('says of a unit that changed twice only what it is now', () => {
    expect(
      sayLevels([
        { name: 'Bolton', level: 4 },
        { name: 'Bolton', level: 3 },
      ]),
    ).toBe('Bolton: level 3, Severe');
  });

  it('counts what is beyond the first few, so that nobody is read a list', () => {
    const news = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, level: 2 as const }));
    expect(sayLevels(news)).toBe('A: level 2, Moderate. B: level 2, Moderate. C: level 2, Moderate. And 2 more');
  });

  it('is silent about nothing', () => {
    expect(sayLevels([])).toBe('');
  });
});
