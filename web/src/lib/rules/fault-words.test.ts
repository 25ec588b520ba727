import { describe, expect, it } from 'vitest';
import { sayFault, sayPlace } from './fault-words.ts';

const rules = { indicators: [{ id: 'wait', label: 'Longest wait now' }, { id: 'bare' }], levels: [25, 43, 64] };

describe('where a fault lies', () => {
  it.each([
    ['/indicators/0/cutoffs/2', 'Longest wait now: third cut-off'],
    ['/indicators/0/weight', 'Longest wait now: weight'],
    ['/indicators/0', 'Longest wait now'],
    ['/indicators/1/cutoffs/0', 'Indicator 2: first cut-off'],
    ['/levels/1', 'Level 3'],
    ['/levels', 'Levels'],
    ['/hysteresis/riseAfter', 'hysteresis, riseAfter'],
    ['', 'The whole'],
  ])('%s', (path, words) => {
    expect(sayPlace(rules, path)).toBe(words);
  });
});

describe('what is wrong', () => {
  it.each([
    ['/indicators/4/cutoffs/2', 'indicators.4.cutoffs.2 must be number', 'must be a number'],
    ['/hysteresis/riseAfter', 'hysteresis.riseAfter must be integer', 'must be a whole number'],
    ['/levels/1', 'levels must rise', 'levels must rise'],
  ])('%s', (path, message, words) => {
    expect(sayFault({ path, message })).toBe(words);
  });
});
