import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Definition } from '#shared/model/definition.ts';
import { fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { arcsOf } from '../../server/domain/redirection/arcs.ts';
import { createGround } from '../../server/domain/redirection/ground.ts';
import { nearestFirst } from '../../server/domain/redirection/greedy.ts';
import { lotsOf } from '../../server/domain/redirection/lots.ts';
import { needsOf } from '../../server/domain/redirection/needs.ts';
import { draftOf, folded, heldOf, seenOf, steps } from '../../server/domain/redirection/record-fixture.ts';
import type { RedirectionRecord } from '../../server/domain/redirection/record.ts';
import { addTo, emptyTally, receivedLately } from '../../server/domain/redirection/tally.ts';
import { OWN_POLICY } from '../../server/domain/redirection/policy.ts';
import { worthOf, type Problem } from '../../server/domain/redirection/problem.ts';
import { createResting } from '../../server/redirection/resting.ts';
import type { Question } from '../../server/redirection/messages.ts';
import { startSolver } from '../../server/redirection/thread.ts';
import { createRandom } from '../../server/simulator/random.ts';
import { report } from './report.ts';

const MORNING = fromInstant('2026-01-12T10:30:00Z');
const RUNS = 40;

/** A hard morning: two practices in three have run out, each with some who will ask yet, and hubs have about a quarter of their day left. Seeded. */
export function morning(definition: Definition, seed: number, beneath?: string): Omit<Question, 'id'> {
  const policy = definition.redirection ?? OWN_POLICY;
  const random = createRandom(seed, 'redirection-solve');
  const upTo = (most: number) => Math.floor(random.next() ** 2 * (most + 1));
  const practices = definition.units.filter(({ siteKind }) => siteKind === 'practice');
  const needs = practices.flatMap(({ id, parent }) => {
    const hard = random.next() < 0.67;
    const counts = { urgent: upTo(14), untriaged: upTo(6), soon: upTo(8), expected: upTo(18) };
    return hard && (beneath === undefined || parent === beneath) ? needsOf(id, counts, MORNING, policy) : [];
  });
  const hubs = definition.units.filter(({ siteKind }) => siteKind === 'hub');
  const told = hubs.map(({ id }) => ({
    hub: id,
    groups: Array.from({ length: 38 }, (_, i) => ({
      ...{ start: MORNING + i * 15 * MINUTE, minutes: 15, role: null, service: 'extended-access' },
      channel: random.next() < 0.25 ? ('telephone' as const) : ('in-person' as const),
      ...{ free: upTo(3), busy: 3, held: 0 },
    })),
  }));
  const ground = createGround(definition, policy);
  const { lots } = lotsOf(ground, told, { at: MORNING, promised: new Map() });
  return {
    ...{ at: MORNING, needs, lots, received: new Map(), kept: new Map(), barred: new Set() },
    ...{ limitMs: 2000, more: 0 },
  };
}

const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;

const OFFERS_A_DAY = 2500;
const OFFERS = draftOf(Array.from({ length: 6 }, (_, i) => ({ count: 2, practice: `P${i}` })));

/** Five weeks of a large system's offers, most of which nobody answered, as its ledger has them. */
function fiveWeeks(): Map<string, RedirectionRecord> {
  const seen = seenOf(Object.fromEntries(OFFERS.slots.map(({ practice }, i) => [practice, i])));
  const told = Array.from({ length: 35 * OFFERS_A_DAY }, (_, i) => {
    const at = MORNING - Math.floor(i / OFFERS_A_DAY) * 24 * HOUR - (i % 10) * HOUR;
    const step = steps({ id: `r${i}`, draft: OFFERS, seen, at });
    return i % 12 === 0
      ? [step.proposed(), step.accepted(), step.held(), step.looked(heldOf(OFFERS).map(() => 'booked'))]
      : [step.proposed(), step.lapsed()];
  });
  return new Map(told.map((events) => [events[0]?.id ?? '', folded(events)]));
}

/** What each run asks of all of them, ms: as it is done, and gone through whole. */
function sumsOfFiveWeeks(): { readonly kept: number; readonly whole: number } {
  const records = fiveWeeks();
  const resting = createResting(records, new Map());
  const timed = (work: () => void) => {
    work();
    const took = Array.from({ length: 100 }, () => {
      const began = performance.now();
      work();
      return performance.now() - began;
    });
    return p95(took);
  };
  const plainly = () => {
    const tally = emptyTally();
    for (const record of records.values()) addTo(tally, record);
    receivedLately([tally], MORNING);
  };
  return { kept: timed(() => resting.received(MORNING)), whole: timed(plainly) };
}

/** How long a whole re-solve of Greater Manchester and of one neighbourhood takes, and what the server's own thread feels of it. */
export async function runBench(): Promise<void> {
  const loaded = await loadDefinition(
    fileURLToPath(new URL('../../server/systems/greater-manchester', import.meta.url)),
  );
  if (!loaded.ok) throw new Error('the system definition has faults');
  const { definition } = loaded;
  const policy = definition.redirection ?? OWN_POLICY;
  const thread = startSolver({ units: definition.units, policy });
  const ground = createGround(definition, policy);
  const took: Record<'anew' | 'again' | 'more' | 'neighbourhood', number[]> = {
    anew: [],
    again: [],
    more: [],
    neighbourhood: [],
  };
  const nearest = { anew: [] as number[], neighbourhood: [] as number[] };
  let [worth, baseline, gap, arcs] = [0, 0, 0, 0];

  /** What people do without a plan, on the same problem. */
  const byHand = (question: Omit<Question, 'id'>, into: number[]) => {
    const began = performance.now();
    const { at, needs, lots, received, kept } = question;
    const problem: Problem = { needs, lots, arcs: arcsOf(ground, needs, lots, { at, received, kept }) };
    const flows = nearestFirst(problem);
    into.push(performance.now() - began);
    return flows.reduce((sum, { arc, count }) => sum + (problem.arcs[arc] ? worthOf(problem.arcs[arc], count) : 0), 0);
  };
  const neighbourhoods = definition.units.filter(({ kind }) => kind === 'neighbourhood').map(({ id }) => id);
  await thread.ask(morning(definition, 0));
  for (let run = 1; run <= RUNS; run++) {
    const whole = morning(definition, run);
    const solved = await thread.ask(whole);
    took.anew.push(solved.tookMs);
    worth += solved.placed.reduce((sum, { arc, count }) => sum + worthOf(arc, count), 0);
    baseline += byHand(whole, nearest.anew);
    gap = Math.max(gap, solved.gap);
    arcs = Math.max(arcs, solved.arcs);
    // The same morning, a little later: some slots went, some patients came.
    const next = {
      ...whole,
      lots: whole.lots.map((lot, i) => (i % 9 === run % 9 ? { ...lot, free: Math.max(1, lot.free - 1) } : lot)),
      needs: whole.needs.map((need, i) => (i % 11 === run % 11 ? { ...need, count: need.count + 1 } : need)),
    };
    took.again.push((await thread.ask(next)).tookMs);
    const began = performance.now();
    await thread.ask({ ...next, more: 3 });
    took.more.push(performance.now() - began);
    const one = morning(definition, run, neighbourhoods[run % neighbourhoods.length]);
    took.neighbourhood.push((await thread.ask(one)).tookMs);
    byHand(one, nearest.neighbourhood);
  }

  const delay = monitorEventLoopDelay({ resolution: 5 });
  const felt = async (work: () => Promise<unknown>) => {
    delay.reset();
    delay.enable();
    await work();
    delay.disable();
    return delay.percentile(99) / 1e6;
  };
  const idle = await felt(() => later(3000));
  const question = morning(definition, 1);
  const busy = await felt(async () => {
    const until = performance.now() + 3000;
    for (let seed = 0; performance.now() < until; seed++)
      await thread.ask({ ...question, at: MORNING + (seed % 2) * HOUR });
  });
  // As often as the server asks for it at most.
  const asAsked = await felt(async () => {
    for (let seed = 0; seed < 6; seed++) {
      await thread.ask({ ...question, at: MORNING + (seed % 2) * HOUR });
      await later(2000);
    }
  });
  await thread.stop();

  const sums = sumsOfFiveWeeks();
  report('redirection-solve what five weeks gave, p95', sums.kept, 'ms', sums.whole);
  report('redirection-solve anew, p95', p95(took.anew), 'ms', p95(nearest.anew));
  report('redirection-solve again, p95', p95(took.again), 'ms', p95(took.anew));
  report('redirection-solve what would help, p95', p95(took.more), 'ms', p95(took.anew));
  report('redirection-solve one neighbourhood, p95', p95(took.neighbourhood), 'ms', p95(nearest.neighbourhood));
  report('redirection-solve worth against nearest-first', worth, 'points', baseline);
  report('redirection-solve largest gap', gap, 'share', 1);
  report('redirection-solve largest problem', arcs, 'arcs', 1);
  report("redirection-solve delay of the server's thread, p99", asAsked, 'ms', idle);
  report("redirection-solve delay of the server's thread without a pause, p99", busy, 'ms', idle);
}
