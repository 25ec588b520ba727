import { ABSENCES, FEED_STATES } from '$shared/model/absence';
import { describe, expect, it } from 'vitest';
import { sayAbsence, sayAbsenceFully, sayFeedState } from './absence.ts';

describe('why a number is not there', () => {
  it('has words of its own for each of the six reasons, none of them a number', () => {
    const words = ABSENCES.map((absence) => sayAbsence(absence));
    expect(new Set(words).size).toBe(ABSENCES.length);
    for (const word of words) expect(word).toMatch(/^[a-z][a-z :]+$/);
  });

  it.each([
    ['unreachable', 'tls-expired', 'no answer: certificate has expired'],
    ['unreachable', 'timeout', 'no answer in time'],
    ['not-reported', 'paused', 'not reported: paused by us'],
    ['not-reported', 'poller-stopped', 'not reported: we stopped asking'],
    ['not-reported', 'stale', 'not reported: nothing new for too long'],
    ['not-reported', 'missing-site', 'not reported: this site is not in the answer'],
    ['rejected', 'partly-rejected', 'refused: not valid'],
    ['not-reported', 'too-early', 'too early to tell'],
    [null, 'too-few', 'too few calls to judge'],
    ['closed', 'too-early', 'closed'],
    ['closed', 'timeout', 'closed'],
    ['throttled', 'throttled', 'held back by the supplier'],
    ['not-onboarded', undefined, 'not connected'],
    [null, undefined, 'not known'],
    ['unreachable', 'a-code-of-tomorrow', 'no answer'],
  ] as const)('%s with %s is said as "%s"', (absence, detail, words) => {
    expect(sayAbsenceFully(absence, detail)).toBe(words);
  });

  it('says every state of a feed in words, and a good one that is late as late', () => {
    for (const state of FEED_STATES) if (state !== 'throttled') expect(sayFeedState(state, false)).toContain(' ');
    expect(sayFeedState('ok', true)).toBe('late');
    expect(sayFeedState('ok', false)).toBe('on time');
  });
});
