import { describe, expect, it } from 'vitest';
import {
  liveMorning,
  MORNING_FROM,
  MORNING_TO,
  morningNational,
  morningRules,
  morningSystem,
} from '../../../test/support/board-morning.ts';
import { memorySources } from '../../../test/support/backtest-sources.ts';
import { memoryJournal } from '../../board/fixture.ts';
import { rulesId } from '../../board/rules-hash.ts';
import { createPublishedNormal } from '../normal/published.ts';
import { runBacktest } from './backtest.ts';

describe('a morning on a real board', () => {
  const definition = morningSystem();
  const rules = morningRules;
  const normal = createPublishedNormal(definition, morningNational());
  const journal = memoryJournal();
  liveMorning(definition, journal);
  const applied = journal.commits.flatMap((commit) => commit.applied);
  const levels = journal.commits.flatMap((commit) => commit.levels);
  const againstName = rulesId(rules);
  const sources = memorySources({ applied, levels, spans: [{ from: MORNING_FROM, to: MORNING_TO }], normal });
  const job = { definition, tried: rules, against: rules, againstName, from: MORNING_FROM, to: MORNING_TO };

  it('is found again from its history: sites and groups at the same levels in at least 98% of minutes', async () => {
    const result = await runBacktest(job, sources, {
      progress: () => undefined,
      now: () => 0,
      breathe: () => Promise.resolve(),
    });
    const reached = new Set(levels.map((change) => change.to));
    // The morning is no calm one, or agreement would say little.
    expect(reached).toEqual(new Set([null, 1, 2, 3, 4]));
    expect(levels.length).toBeGreaterThan(30);
    // What is left: derived metrics are in the history once a minute, and minutes are compared as they end.
    expect(result.agreement).toBeGreaterThanOrEqual(0.98);
  });

  it('other rules than those in force agree less', async () => {
    const strict = { ...rules, levels: [10, 20, 30] as [number, number, number] };
    const result = await runBacktest({ ...job, against: strict }, sources, {
      progress: () => undefined,
      now: () => 0,
      breathe: () => Promise.resolve(),
    });
    expect(result.agreement).toBeLessThan(0.8);
  });
});
