import { describe, expect, it } from 'vitest';
import type { MetricName } from '#shared/model/metrics.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { testRules } from '../../board/fixture.ts';
import { siteBrief, siteDrivers } from './drivers.ts';
import { groupBrief, groupDrivers, groupSentence, type GroupFacts } from './group-sentence.ts';
import { readyRules, rulesFor, type Evidence } from './indicators.ts';
import { NO_STANDING, type Standing } from './levels.ts';
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
const scored = (known: Record<string, Evidence>) =>
  scoreSite(practice, ({ rule }) => known[rule.id] ?? evidence(null), [], {
    at,
    minute: 582,
    holdMs: () => 0,
    minimumCoverage: 0.5,
  });
const story = (known: Record<string, Evidence>, standing: Partial<Standing>, open = true) => {
  const score = scored(known);
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
  it('gives its arithmetic and what most of it is', () => {
    expect(siteSentence(story(severe, { level: 3 }), rules)).toBe(
      'Level 3 because 2 indicators give **18 of 27** points, a score of **67**; level 3 starts at 62. ' +
        'Most of it: same-day slots ran out at **9:12am**; callers wait **14 min** against a usual 5.',
    );
  });

  it('leaves a usual that is not known unsaid', () => {
    const drivers = siteDrivers(scored({ ...severe, wait: evidence(840) }), valueOf);
    expect(drivers[1]?.text).toBe('callers wait **14 min**');
  });

  it('has at most four words for a wall, and none when calm', () => {
    expect(siteBrief(scored(severe), valueOf)).toBe('no slots since 9:12am');
    expect(siteBrief(scored({ slots: evidence(1), wait: evidence(0), waiting: evidence(0) }), valueOf)).toBe('');
  });

  it('says that a rise waits for its second reading, and why a level is kept', () => {
    expect(siteSentence(story(severe, { level: 2 }), rules)).toMatch(/^Level 2, about to rise: 2 indicators give/);
    const calm = { slots: evidence(1), wait: evidence(400, 300), waiting: evidence(0) };
    expect(siteSentence(story(calm, { level: 2, belowSince: at - 5 * MINUTE }), rules)).toBe(
      'Level 2 kept: 1 indicator gives **3 of 27** points, a score of **11**; under 36 since 9:37am, it falls after 15 min. ' +
        'Most of it: callers wait **7 min** against a usual 5.',
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

describe('what a group says of itself', () => {
  const facts: GroupFacts = {
    closed: false,
    known: true,
    coverage: 0.97,
    minimumCoverage: 0.5,
    practices: 413,
    waitSeconds: 660,
    usualWaitSeconds: 300,
    withoutSlots: { count: 147, of: 406 },
    hubSlotsBefore8pm: 212,
  };

  it('says what its callers, its slots and its hubs are at', () => {
    expect(groupSentence(facts)).toBe(
      'Callers wait **11 min** against a usual 5, and **147 of 406** practices have no same-day slot left. ' +
        '**212 free hub slots** before 8pm.',
    );
  });

  it('leaves out what no part reports, and says how much it was judged on', () => {
    expect(groupSentence({ ...facts, waitSeconds: null, hubSlotsBefore8pm: null, coverage: 0.8 })).toBe(
      '**147 of 406** practices have no same-day slot left. Judged on **80%** of patients.',
    );
  });

  it('is unknown or closed in so many words', () => {
    expect(groupSentence({ ...facts, known: false, coverage: 0.23, hubSlotsBefore8pm: null })).toBe(
      'Unknown: practices with **23%** of patients report, and **50%** are needed.',
    );
    expect(groupSentence({ ...facts, closed: true, known: false, practices: 7, hubSlotsBefore8pm: 1 })).toBe(
      'Its 7 practices are closed now. **1 free hub slot** before 8pm.',
    );
  });

  it('orders its drivers by what weighs most on its practices, in its own figures', () => {
    const figures: Partial<Record<MetricName, number>> = { 'practices.without-slots': 2, 'calls.wait': 660 };
    const usual: Partial<Record<MetricName, number>> = { 'calls.wait': 300 };
    const means = practice.map((ready) => ({ ready, points: ready.rule.id === 'slots' ? 1 : 2 }));
    const of = (from: typeof figures) => (metric: MetricName) => from[metric] ?? null;
    expect(groupDrivers(means, of(figures), of(usual), 6).map((d) => d.text)).toEqual([
      'callers wait **11 min** against a usual 5',
      '**2 of 6** practices without a same-day slot',
    ]);
    expect(groupBrief(means, of(figures), of(usual), 6)).toBe('callers wait 11 min');
  });
});
