import { describe, expect, it, onTestFinished } from 'vitest';
import { fromInstant, HOUR } from '#shared/model/time.ts';
import { testDefinition, testNational, testRules } from '../board/fixture.ts';
import { runBacktest } from '../domain/backtest/backtest.ts';
import type { PartDay } from '../domain/backtest/part.ts';
import { memorySources } from '../../test/support/backtest-sources.ts';
import type { Assignment } from './messages.ts';
import { judgeElsewhere, type Elsewhere } from './part-thread.ts';

const FROM = fromInstant('2026-03-02T08:00:00Z');
const rules = testRules();
const assignment = (reason: string): Assignment => ({
  ...{ definition: testDefinition({ places: 1, neighbourhoods: 1, practices: 2 }, rules), run: 'live', threads: 2 },
  ...{ tried: { ...rules, reason }, against: rules, againstName: '1/abc', from: FROM, to: FROM + HOUR },
  ...{ national: testNational('2026-01-01', 1), connectionString: 'postgres://nowhere.invalid/none' },
});

function elsewhere(reason: string): Elsewhere {
  const made = judgeElsewhere(assignment(reason), new URL('../../test/support/backtest-part.ts', import.meta.url));
  onTestFinished(async () => {
    await made.stop();
  });
  return made;
}

async function daysOf({ days }: Elsewhere, into: PartDay[] = []): Promise<PartDay[]> {
  for await (const day of days) into.push(day);
  return into;
}

describe('a part that is judged elsewhere', () => {
  it('comes day by day until it is done', async () => {
    const days = await daysOf(elsewhere('is done'));
    expect(days.map(({ heard, sheet }) => [heard, sheet.minutes])).toEqual([[['calls.wait'], 1440]]);
  });

  it.each([
    ['breaks', /broke off: out of paper/],
    ['fails', /does not answer/],
    ['falls silent', /ended without an answer/],
  ])('%s: what it had said before comes, then the fault in words', async (reason, words) => {
    const days: PartDay[] = [];
    await expect(daysOf(elsewhere(reason), days)).rejects.toThrow(words);
    expect(days).toHaveLength(1);
  });

  it('fails the whole back-test where its thread breaks', async () => {
    const watch = { progress: () => undefined, now: () => 0, breathe: () => Promise.resolve() };
    const sources = memorySources({ applied: [], spans: [{ from: FROM, to: FROM + HOUR }] });
    // Two days: the one that came, and the one that never will.
    const job = { ...assignment('breaks'), from: FROM - 24 * HOUR };
    const { days } = elsewhere('breaks');
    await expect(runBacktest(job, sources, watch, days)).rejects.toThrow(/out of paper/);
  });

  it('is ended wherever it is, and whoever waits for it hears of it', async () => {
    const made = elsewhere('never yields');
    const all = daysOf(made);
    const heard = expect(all).rejects.toThrow(/ended without an answer/);
    await made.stop();
    await heard;
  });
});
