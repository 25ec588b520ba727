import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Rules } from '#shared/model/rules.ts';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { until } from '../../test/support/until.ts';
import { testDefinition, testNational, testRules } from '../board/fixture.ts';
import type { BacktestAsk } from '../domain/backtest/ports.ts';
import { SYSTEM_ACTOR } from '../domain/ports.ts';
import { createBacktestDesk, type DeskDeps, type OwnedDesk } from './desk.ts';

const NOW = fromInstant('2026-03-02T12:00:30Z');
const DAY = 24 * HOUR;
const rules = testRules();
const definition = testDefinition({ places: 1, neighbourhoods: 1, practices: 1 }, rules);

function desk(given: Partial<DeskDeps> = {}): OwnedDesk {
  const made = createBacktestDesk({
    connectionString: 'postgres://nowhere.invalid/none',
    run: 'live',
    definition: () => definition,
    inForce: () => '1/inforce',
    version: async (id) => (id === '0/older' ? { rules: { ...rules, version: 1, reason: 'Older' } } : null),
    national: testNational('2026-01-01', 1),
    clock: { now: () => NOW },
    unavailable: () => null,
    logger: pino({ level: 'silent' }),
    entry: new URL('../../test/support/backtest-thread.ts', import.meta.url),
    ...given,
  });
  onTestFinished(() => made.stop());
  return made;
}
const that = (reason: string): Rules => ({ ...rules, reason });
const ask = (given: Partial<BacktestAsk> = {}): BacktestAsk => ({
  rules: that('is done'),
  from: NOW - DAY,
  to: NOW,
  against: null,
  ...given,
});
const begin = (made: OwnedDesk, given: Partial<BacktestAsk> = {}) => made.start(ask(given), SYSTEM_ACTOR);
const reaches = (made: OwnedDesk, id: string, state: string) =>
  until(`the back-test to be ${state}`, () => made.get(id)?.state === state, 20_000);

describe('a back-test', () => {
  it('runs in a thread of its own and keeps its result', async () => {
    const made = desk();
    const begun = await begin(made);
    expect(begun).toMatchObject({ tried: 'draft', against: '1/inforce', by: 'system', result: null, fault: '' });
    await reaches(made, begun.id, 'done');
    // Whole minutes.
    expect(made.get(begun.id)).toMatchObject({ progress: 1, result: { to: '2026-03-02T12:00:00.000Z' } });
  });

  it('says how far it is', async () => {
    const made = desk();
    const { id } = await begin(made, { rules: that('runs on') });
    await until('a day to be done', () => (made.get(id)?.progress ?? 0) > 0, 20_000);
    expect(made.get(id)).toMatchObject({ state: 'running', progress: 0.2 });
    expect(made.get(id)?.phase).toBe('Reading and judging the history: 1 of 4 days');
  });

  it('is ended at once where it is cancelled, though it never yields, and the next one has its turn', async () => {
    const made = desk();
    const { id } = await begin(made, { rules: that('never yields') });
    const next = await begin(made);
    await until('the first to run', () => (made.get(id)?.progress ?? 0) > 0, 20_000);
    expect(made.get(next.id)?.state).toBe('waiting');
    expect(made.cancel(id)?.state).toBe('cancelled');
    await reaches(made, next.id, 'done');
    expect(made.get(id)?.state).toBe('cancelled');
  });

  it('that waits is cancelled without ever running; one that is over stays as it is', async () => {
    const made = desk();
    const first = await begin(made, { rules: that('runs on') });
    const second = await begin(made);
    expect(made.cancel(second.id)?.state).toBe('cancelled');
    made.cancel(first.id);
    const third = await begin(made);
    await reaches(made, third.id, 'done');
    expect(made.cancel(third.id)?.state).toBe('done');
    expect(made.get(second.id)).toMatchObject({ state: 'cancelled', progress: 0 });
    expect(made.cancel('nobody')).toBeNull();
  });

  it.each([
    ['breaks', /broke off: out of paper/],
    ['fails', /does not answer/],
    ['falls silent', /ended without an answer/],
  ])('whose thread %s has failed, in words, and nothing else is hurt', async (reason, words) => {
    const made = desk();
    const failing = await begin(made, { rules: that(reason) });
    const next = await begin(made);
    await reaches(made, failing.id, 'failed');
    expect(made.get(failing.id)?.fault).toMatch(words);
    expect(made.get(failing.id)?.result).toBeNull();
    await reaches(made, next.id, 'done');
  });

  it('ends with its owner', async () => {
    const made = desk();
    const { id } = await begin(made, { rules: that('never yields') });
    await until('it to run', () => (made.get(id)?.progress ?? 0) > 0, 20_000);
    await made.stop();
    expect(made.get(id)?.state).not.toBe('running');
  });

  it('compares with another version that is on record', async () => {
    const made = desk();
    expect(await begin(made, { against: '0/older' })).toMatchObject({ against: '0/older' });
    expect(await begin(made, { against: '1/inforce' })).toMatchObject({ against: '1/inforce' });
  });

  it('newest first in the list; the newest twenty that are over are kept', async () => {
    const made = desk();
    const ids: string[] = [];
    for (let i = 0; i < 22; i += 1) {
      const { id } = await begin(made, { rules: that('runs on') });
      made.cancel(id);
      ids.push(id);
    }
    const last = await begin(made, { rules: that('runs on') });
    expect(made.list().map(({ id }) => id)).toEqual([last.id, ...ids.reverse().slice(0, 20)]);
  });
});

describe('what is refused', () => {
  it.each([
    ['to before from', { from: NOW, to: NOW - DAY }, 'BAD_SPAN'],
    ['no time at all', { from: NOW - DAY, to: NOW - DAY }, 'BAD_SPAN'],
    ['the future', { from: NOW + MINUTE, to: NOW + DAY }, 'BAD_SPAN'],
    ['94 days', { from: NOW - 94 * DAY, to: NOW }, 'BAD_SPAN'],
    ['no rules', { rules: null }, 'RULES_FAULTY'],
    ['rules of another shape', { rules: { ...rules, levels: [1, 2] } }, 'RULES_FAULTY'],
    ['rules with a fault', { rules: { ...rules, levels: [60, 40, 80] } }, 'RULES_FAULTY'],
    ['a version nobody knows', { against: '9/unknown' }, 'UNKNOWN_RULES'],
  ])('%s', async (_, given, code) => {
    await expect(begin(desk(), given)).rejects.toMatchObject({ code });
  });

  it('faulty rules come back with the places of their faults', async () => {
    const faulty = begin(desk(), { rules: { ...rules, levels: [60, 40, 80] } });
    await expect(faulty).rejects.toMatchObject({ faults: [{ path: '/levels' }] });
  });

  it('a stretch that reaches into the future ends now', async () => {
    const made = desk();
    const { id } = await begin(made, { to: NOW + DAY });
    await reaches(made, id, 'done');
    expect(made.get(id)?.result?.to).toBe('2026-03-02T12:00:00.000Z');
  });

  it('more than may wait', async () => {
    const made = desk();
    for (let i = 0; i < 6; i += 1) await begin(made, { rules: that('runs on') });
    await expect(begin(made)).rejects.toMatchObject({ code: 'TOO_MANY_BACKTESTS' });
  });

  it('everything while the database is away', async () => {
    await expect(begin(desk({ unavailable: () => 'away' }))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(begin(desk({ connectionString: null }))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
