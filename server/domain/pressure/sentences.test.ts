import { describe, expect, it } from 'vitest';
import { sayScore } from '#shared/model/level-words.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import type { Rollup } from '#shared/model/unit.ts';
import { testRules } from '../../board/fixture.ts';
import { siteBrief, siteDrivers } from './drivers.ts';
import { groupBrief, groupDrivers } from './group-drivers.ts';
import { groupSentence, type GroupFacts } from './group-sentence.ts';
import { readyRules, rulesFor, type Evidence } from './indicators.ts';
import { NO_STANDING, type Standing } from './levels.ts';
import type { GroupScore } from './rollup.ts';
import { fillPhrase, sayCount, sayUsual, sayValue, type PhraseFacts } from './phrases.ts';
import { scoreSite } from './score.ts';
import { siteSentence } from './site-sentence.ts';

const at = fromInstant('2026-11-23T09:42:00Z');
const rules = testRules();
const practice = rulesFor(readyRules(rules), 'practice');
const evidence = (value: number | null, usual: number | null = null): Evidence => ({
  value,
  usual,
  absence: value === null ? 'unreachable' : null,
  detail: null,
  base: null,
  population: 8000,
});
const VALUES: Partial<Record<MetricName, number>> = {
  'slots.exhausted-at': fromInstant('2026-11-23T09:12:00Z'),
  'slots.free': 0,
};
const valueOf = (metric: MetricName) => VALUES[metric] ?? null;
const scored = (known: Record<string, Evidence>, by = rules) =>
  scoreSite(rulesFor(readyRules(by), 'practice'), ({ rule }) => known[rule.id] ?? evidence(null), [], {
    at,
    minute: 582,
    holdMs: () => 0,
    minimumCoverage: 0.5,
  });
const story = (known: Record<string, Evidence>, standing: Partial<Standing>, open = true, by = rules) => {
  const score = scored(known, by);
  const drivers = siteDrivers(score, valueOf);
  return { at, open, opensAt: null, bankHoliday: false, score, drivers, standing: { ...NO_STANDING, ...standing } };
};
const severe = { slots: evidence(0), wait: evidence(840, 300), waiting: evidence(0) };

describe('figures in words', () => {
  it('says them as people do', () => {
    expect(sayCount(31480)).toBe('31,480');
    expect(sayValue(45, 'seconds')).toBe('45 s');
    expect(sayValue(840, 'seconds')).toBe('14 min');
    expect(sayValue(7800, 'seconds')).toBe('2 h 10 min');
    expect(sayValue(0.616, 'share')).toBe('62%');
    expect(sayUsual(300, 840, 'seconds')).toBe('5');
    expect(sayUsual(40, 840, 'seconds')).toBe('40 s');
    expect(sayUsual(300, 7800, 'seconds')).toBe('5 min');
  });

  it('takes the first phrase whose places can be filled', () => {
    const facts: PhraseFacts = { measure: 'share', value: 0, usual: null, ranOutAt: null, count: 0 };
    const template = 'ran out at **{time}**|**{count}** slot(s) left|none left';
    expect(fillPhrase(template, { ...facts, ranOutAt: at })).toBe('ran out at **9:42am**');
    expect(fillPhrase(template, { ...facts, count: 1 })).toBe('**1** slot left');
    expect(fillPhrase(template, { ...facts, count: 12 })).toBe('**12** slots left');
    expect(fillPhrase(template, facts)).toBe('none left');
    expect(fillPhrase('calls {over} above usual', { ...facts, measure: 'ratio', value: 1.44 })).toBe(
      'calls 44% above usual',
    );
    expect(fillPhrase('calls {over} above usual', { ...facts, measure: 'ratio', value: 0.9 })).toBe('');
  });
});

describe('what a site says of itself', () => {
  it('gives its reasons first, then its arithmetic', () => {
    expect(siteSentence(story(severe, { level: 3 }), rules)).toBe(
      'Level 3 because same-day slots ran out at **9:12am** and callers wait **14 min** against a usual 5: ' +
        '**18 of 27** points, a score of **67**; level 3 starts at 62.',
    );
    const some = { slots: evidence(1), wait: evidence(400, 300), waiting: evidence(0) };
    expect(siteSentence(story(some, { level: 1 }), rules)).toBe(
      'Level 1 although callers wait **7 min** against a usual 5: **3 of 27** points, a score of **11**; level 2 starts at 40.',
    );
    const none = { slots: evidence(1), wait: evidence(0), waiting: evidence(0) };
    expect(siteSentence(story(none, { level: 1 }), rules)).toBe(
      'Level 1: **0 of 27** points, a score of **0**; level 2 starts at 40.',
    );
  });

  it('says which indicator forces a level that its score alone would not give', () => {
    const forced = testRules({ escalators: [{ indicator: 'wait', points: 2, level: 3, reason: 'callers give up' }] });
    const known = { slots: evidence(1), wait: evidence(840, 300), waiting: evidence(0) };
    const told = story(known, { level: 3 }, true, forced);
    expect(siteSentence(told, forced)).toBe(
      'Level 3 because callers give up: callers wait **14 min** against a usual 5; ' +
        '**6 of 27** points, a score of **22**, alone would give level 1.',
    );
    expect(siteSentence({ ...told, standing: { ...NO_STANDING, level: 1 } }, forced)).toMatch(
      /^Level 1, about to rise to 3 because callers wait .*; callers give up\.$/,
    );
  });

  it('says no score that would look like the next level', () => {
    expect(sayScore(66.7, rules.levels)).toBe('67');
    expect(sayScore(61.6, rules.levels)).toBe('61.6');
    expect(sayScore(62, rules.levels)).toBe('62');
  });

  it('leaves a usual that is not known unsaid', () => {
    const drivers = siteDrivers(scored({ ...severe, wait: evidence(840) }), valueOf);
    expect(drivers[1]?.text).toBe('callers wait **14 min**');
  });

  it('has at most four words for a wall, and none when calm', () => {
    expect(siteBrief(scored(severe), valueOf)).toBe('no slots since 9:12am');
    expect(siteBrief(scored({ slots: evidence(1), wait: evidence(0), waiting: evidence(0) }), valueOf)).toBe('');
  });

  it('says that a rise waits for its second reading', () => {
    expect(siteSentence(story(severe, { level: 2 }), rules)).toBe(
      'Level 2, about to rise to 3 because same-day slots ran out at **9:12am** and callers wait **14 min** against a usual 5: ' +
        '**18 of 27** points, a score of **67**; level 3 starts at 62.',
    );
  });

  it('says until when a level is kept, and why', () => {
    const calm = { slots: evidence(1), wait: evidence(400, 300), waiting: evidence(0) };
    const until = [at + 5 * MINUTE, 0, 0] as const;
    expect(siteSentence(story(calm, { level: 2, fading: true, until }), rules)).toBe(
      'Level 2 kept until **9:47am**: **3 of 27** points, a score of **11**, no longer reaches the **36** that would support it. ' +
        'Most of it: callers wait **7 min** against a usual 5.',
    );
    const near = { slots: evidence(0.08), wait: evidence(300, 300), waiting: evidence(0) };
    expect(siteSentence(story(near, { level: 2 }), testRules({ levels: [44, 62, 86] }))).toBe(
      'Level 2 kept: **11 of 27** points, a score of **41**; it falls once that is under **40** for 15 min. ' +
        'Most of it: same-day slots ran out at **9:12am** and callers wait **5 min** against a usual 5.',
    );
  });

  it('says that silence does not lower a level', () => {
    const told = story({ slots: evidence(1), wait: evidence(0), waiting: evidence(0) }, { level: 2 });
    const score = { ...told.score, fallScore: 66 };
    expect(siteSentence({ ...told, score }, rules)).toMatch(
      /^Level 2 kept: some of what gave it points no longer reports, and silence does not lower a level; \*\*0 of 27\*\* points/,
    );
  });

  it('says what is missing when it is unknown', () => {
    expect(siteSentence(story({ slots: evidence(0) }, {}), rules)).toBe(
      'Unknown: **1 of 3** indicators report, too few to judge; missing: wait, waiting.',
    );
  });

  it('is closed, with the time it opens, rather than calm or unknown', () => {
    const closed = { ...story({}, {}, false), opensAt: fromInstant('2026-11-24T08:00:00Z') };
    expect(siteSentence(closed, rules)).toBe('Closed until **8am** on Tuesday: not judged.');
    expect(siteSentence({ ...closed, bankHoliday: true }, rules)).toBe(
      'Closed for the bank holiday until **8am** on Tuesday: not judged.',
    );
  });
});

const rollup: Rollup = {
  open: 406,
  levels: [300, 94, 10, 2],
  unknown: 0,
  mean: 38.2,
  uplift: 1.1,
  floor: 1,
  notable: [{ id: 'P1', level: 4, share: 0.012 }],
  deprived: null,
};
const score: GroupScore = {
  score: 39.3,
  mean: 38.2,
  uplift: 1.1,
  coverage: 0.97,
  floor: 1,
  fallScore: 39.3,
  fallFloor: 1,
  closed: false,
};
const facts: GroupFacts = {
  score,
  standing: { ...NO_STANDING, level: 1 },
  rollup,
  drivers: [],
  practices: 413,
  waitSeconds: 660,
  usualWaitSeconds: 300,
  withoutSlots: { count: 147, of: 406 },
  hubSlotsBefore8pm: 212,
  worstName: 'Mill Surgery',
};
const driver = (text: string) => ({ indicator: 'wait', points: 2, value: 1, text });

describe('what a group says of itself', () => {
  it('says what its callers, its slots, its practices in distress and its hubs are at', () => {
    expect(groupSentence(facts, rules)).toBe(
      'Level 1: callers wait **11 min** against a usual 5, **147 of 406** practices have no same-day slot left, a score of **39.3**; ' +
        'level 2 starts at 40. **12 of 406** practices are at level 3 or 4 (worst Mill Surgery, **1%** of patients): ' +
        'raised by **1.1** points from a mean of **38.2**. **212 free hub slots** before 8pm.',
    );
  });

  it('gives its reasons first from level 2 on', () => {
    const drivers = [driver('callers wait **11 min** against a usual 5'), driver('**2 of 6** practices have no slot')];
    const told = { ...facts, drivers, score: { ...score, score: 45 }, standing: { ...NO_STANDING, level: 2 as const } };
    expect(groupSentence(told, rules)).toMatch(
      /^Level 2 because callers wait \*\*11 min\*\* against a usual 5 and \*\*2 of 6\*\* practices have no slot: a score of \*\*45\*\*; level 2 starts at 40\./,
    );
  });

  it('does not let one practice in extremes vanish', () => {
    const one: Rollup = {
      ...rollup,
      open: 6,
      levels: [5, 0, 0, 1],
      mean: 16,
      uplift: 2,
      floor: 2,
      notable: [{ id: 'P1', level: 4, share: 0.08 }],
    };
    const told: GroupFacts = {
      ...facts,
      rollup: one,
      score: { ...score, score: 18, floor: 2 },
      standing: { ...NO_STANDING, level: 2 },
      hubSlotsBefore8pm: null,
    };
    expect(groupSentence(told, rules)).toBe(
      'Level 2 because **1 of 6** practices at level 4 asks for at least level 2: a score of **18** alone would give level 1. ' +
        '**1 of 6** practices is at level 4 (Mill Surgery, **8%** of patients): raised by **2** points from a mean of **16**.',
    );
    const unnamed = { ...told, worstName: null, rollup: { ...one, uplift: 0 } };
    expect(groupSentence(unnamed, rules)).toMatch(
      /\*\*1 of 6\*\* practices is at level 4 \(\*\*8%\*\* of patients\)\.$/,
    );
  });

  it('says until when it is kept, and that silence lowers nothing', () => {
    const kept = { ...NO_STANDING, level: 2 as const, fading: true, until: [at, 0, 0] as const };
    expect(groupSentence({ ...facts, score: { ...score, score: 30 }, standing: kept }, rules)).toMatch(
      /^Level 2 kept until \*\*9:42am\*\*: a score of \*\*30\*\* no longer reaches the \*\*36\*\* that would support it\./,
    );
    const quiet = { ...facts, score: { ...score, score: 30, fallScore: 50 }, standing: { ...kept, fading: false } };
    expect(groupSentence(quiet, rules)).toMatch(/^Level 2 kept: practices that pressed have gone quiet/);
  });

  it('leaves out what no part reports, and says how much it was judged on and who is missing', () => {
    const told = { ...facts, waitSeconds: null, hubSlotsBefore8pm: null, score: { ...score, coverage: 0.8 } };
    const deprived = { coverage: 0.61, others: 0.9, short: true };
    const calm: Rollup = { ...rollup, levels: [406, 0, 0, 0], notable: [], deprived };
    expect(groupSentence({ ...told, rollup: calm }, rules)).toBe(
      'Level 1: **147 of 406** practices have no same-day slot left, a score of **39.3**; level 2 starts at 40. ' +
        'Judged on **80%** of patients. ' +
        'The most deprived fifth is under-represented: **61%** of its patients are judged, **90%** of the others.',
    );
  });

  it('is unknown or closed in so many words', () => {
    const unknown = { ...score, score: null, coverage: 0.23 };
    const none = { ...facts, score: unknown, standing: NO_STANDING, hubSlotsBefore8pm: null };
    expect(groupSentence(none, rules)).toBe(
      'Unknown: practices with **23%** of patients report, and **50%** are needed.',
    );
    const closed = { ...none, score: { ...unknown, closed: true }, practices: 7, hubSlotsBefore8pm: 1 };
    expect(groupSentence(closed, rules)).toBe('Its 7 practices are closed now. **1 free hub slot** before 8pm.');
  });

  it('orders its drivers by what weighs most on its practices, in its own figures', () => {
    const figures: Partial<Record<MetricName, number>> = { 'practices.without-slots': 2, 'calls.wait': 660 };
    const usual: Partial<Record<MetricName, number>> = { 'calls.wait': 300 };
    const means = practice.map((ready) => ({ ready, points: ready.rule.id === 'slots' ? 1 : 2 }));
    const of = (from: typeof figures) => (metric: MetricName) => from[metric] ?? null;
    expect(groupDrivers(means, of(figures), of(usual), 6).map((d) => d.text)).toEqual([
      'callers wait **11 min** against a usual 5',
      '**2 of 6** practices have no same-day slot left',
    ]);
    expect(groupBrief(means, of(figures), of(usual), 6)).toBe('callers wait 11 min');
  });
});
