import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { BANDS, type Definition, type National, type PublishedMonth } from '#shared/model/definition.ts';
import { loadDefinition } from '../definition/load.ts';
import { loadNational } from '../definition/national.ts';
import { bandOf } from './world/arrivals.ts';
import { ANSWERED, CALLBACK, ENDED_IN_IVR, MISSED } from './world/call-profile.ts';
import { dayOfDate } from './world/day.ts';
import { createWorld } from './world/world.ts';

/**
 * A simulated ordinary week of the five systems, pooled, against what was published for it: the month's telephone tables
 * of the same practices (outcomes, waits) and England's calls of that very week by day and time band.
 */
const SYSTEMS = ['sefton', 'greater-manchester', 'coventry-and-warwickshire', 'leicester-city', 'county-durham'];
const MONTH = '2025-11';
const WEEK = Array.from({ length: 7 }, (_, i) => Temporal.PlainDate.from('2025-11-10').add({ days: i }).toString());
const WITHIN = 0.1;

const fold = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

interface Tally {
  readonly bands: number[];
  readonly days: number[];
  readonly outcomes: number[];
  readonly answeredWait: number[];
  readonly missedWait: number[];
  callbacksMade: number;
}

let national: National;
let months: PublishedMonth[];
const simulated: Tally = {
  bands: BANDS.map(() => 0),
  days: WEEK.map(() => 0),
  outcomes: [0, 0, 0, 0],
  answeredWait: [0, 0, 0, 0],
  missedWait: [0, 0, 0, 0],
  callbacksMade: 0,
};

function simulate(definition: Definition, own: ReadonlySet<string>): void {
  const world = createWorld({ definition, national, scenario: null, seed: 20251110 });
  const add = (list: number[], index: number) => (list[index] = (list[index] ?? 0) + 1);
  WEEK.forEach((date, dayIndex) => {
    const day = dayOfDate(date);
    for (const site of world.sites.practices) {
      const calls = own.has(site.id) ? world.calls(site, day) : null;
      for (let i = 0; calls && i < calls.count; i++) {
        const outcome = calls.outcome[i] ?? 0;
        const wait = (calls.leave[i] ?? 0) - (calls.join[i] ?? 0);
        const band = wait < 60 ? 0 : wait < 120 ? 1 : wait < 300 ? 2 : 3;
        add(simulated.bands, bandOf(calls.arrive[i] ?? 0));
        add(simulated.days, dayIndex);
        add(simulated.outcomes, outcome);
        if (outcome === ANSWERED) add(simulated.answeredWait, band);
        if (outcome === MISSED) add(simulated.missedWait, band);
        if (outcome === CALLBACK) simulated.callbacksMade += calls.made[i] ?? 0;
      }
    }
  });
}

beforeAll(async () => {
  national = loadNational();
  months = [];
  for (const system of SYSTEMS) {
    const loaded = await loadDefinition(fileURLToPath(new URL(`../systems/${system}`, import.meta.url)));
    if (!loaded.ok) throw new Error(`${system}: ${JSON.stringify(loaded.faults.slice(0, 3))}`);
    const own = loaded.definition.published.filter((row) => row.month === MONTH && row.basis === 'own');
    months.push(...own);
    simulate(loaded.definition, new Set(own.map((row) => row.site)));
  }
}, 120_000);

/** Largest relative error of `got` against `wanted`, with a line for the report. */
function compare(what: string, labels: readonly string[], got: readonly number[], wanted: readonly number[]): number {
  const errors = labels.map((label, i) => ({ label, error: (got[i] ?? 0) / (wanted[i] ?? NaN) - 1 }));
  const worst = errors.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a));
  const percent = (error: number) => `${(error * 100).toFixed(1)} %`;
  process.stdout.write(
    `calibration ${what}: largest relative error ${percent(worst.error)} (${worst.label}); ${errors.map((e) => `${e.label} ${percent(e.error)}`).join(', ')}\n`,
  );
  return Math.abs(worst.error);
}

const published = (pick: (row: PublishedMonth) => number) => fold(months.map(pick));
/** England's published week as shares of its month, by date and band. */
const weekShares = () => {
  const total = fold(national.days.filter((day) => day.date.startsWith(MONTH)).flatMap((day) => day.bands));
  return WEEK.map((date) =>
    (national.days.find((day) => day.date === date)?.bands ?? []).map((calls) => calls / total),
  );
};
const scaled = (values: readonly number[], to: number) => values.map((value) => (value / fold(values)) * to);

describe('a simulated week of the five systems against the published tables', () => {
  test('enough practices have their own published month to say so', () => {
    expect(months.length).toBeGreaterThan(450);
  });

  test('calls by time band', () => {
    const inbound = published((row) => row.inbound);
    const wanted = BANDS.map((_, band) => inbound * fold(weekShares().map((bands) => bands[band] ?? 0)));
    const labels = BANDS.map((band) => band.label);
    expect(compare('by band', labels, simulated.bands, wanted)).toBeLessThan(WITHIN);
  });

  test('calls by day of the week', () => {
    const inbound = published((row) => row.inbound);
    const wanted = weekShares().map((bands) => inbound * fold(bands));
    expect(compare('by day', WEEK, simulated.days, wanted)).toBeLessThan(WITHIN);
  });

  test('calls by outcome', () => {
    const wanted: number[] = [];
    wanted[ANSWERED] = published((row) => row.answered);
    wanted[ENDED_IN_IVR] = published((row) => row.endedInIvr);
    wanted[CALLBACK] = published((row) => row.callbackRequested);
    wanted[MISSED] = published((row) => row.missed);
    const labels = ['answered', 'ended in IVR', 'callback', 'missed'];
    const total = published((row) => row.inbound) * fold(weekShares().flat());
    expect(compare('by outcome', labels, simulated.outcomes, scaled(wanted, total))).toBeLessThan(WITHIN);
    const made = published((row) => row.callbackMade) / published((row) => row.callbackRequested);
    expect(Math.abs(simulated.callbacksMade / (simulated.outcomes[CALLBACK] ?? 1) - made)).toBeLessThan(0.03);
  });

  test('waits of answered and of missed calls', () => {
    const labels = ['under 1 min', '1-2', '2-5', 'over 5'];
    const bands = (pick: (row: PublishedMonth) => readonly number[]) =>
      labels.map((_, i) => published((row) => pick(row)[i] ?? 0));
    const answered = scaled(
      bands((row) => row.answeredWait),
      fold(simulated.answeredWait),
    );
    const missed = scaled(
      bands((row) => row.missedWait),
      fold(simulated.missedWait),
    );
    expect(compare('answered waits', labels, simulated.answeredWait, answered)).toBeLessThan(WITHIN);
    expect(compare('missed waits', labels, simulated.missedWait, missed)).toBeLessThan(WITHIN);
  });
});
