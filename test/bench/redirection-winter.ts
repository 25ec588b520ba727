import { Console } from 'node:console';
import { fileURLToPath } from 'node:url';
import type { Definition, UnitDef } from '#shared/model/definition.ts';
import { HOUR } from '#shared/model/time.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import type { SlotGroup } from '../../server/domain/ports.ts';
import { arcsOf, keepKey } from '../../server/domain/redirection/arcs.ts';
import { draftsOf, type Draft } from '../../server/domain/redirection/drafts.ts';
import { createGround, type Ground } from '../../server/domain/redirection/ground.ts';
import { nearestFirst } from '../../server/domain/redirection/greedy.ts';
import { lotsOf } from '../../server/domain/redirection/lots.ts';
import { AHEAD_MS, needsOf } from '../../server/domain/redirection/needs.ts';
import { OWN_POLICY } from '../../server/domain/redirection/policy.ts';
import type { Flow, Problem } from '../../server/domain/redirection/problem.ts';
import { heldUntil } from '../../server/redirection/view.ts';
import { createSolver, type Solver } from '../../server/redirection/highs-solver.ts';
import { dayOfDate, type Day } from '../../server/simulator/world/day.ts';
import { FREE, HELD, holdAt, statusesAt } from '../../server/simulator/world/slot-book.ts';
import { createWorld, type World } from '../../server/simulator/world/world.ts';
import { report } from './report.ts';

const SYSTEMS = [
  'sefton',
  'greater-manchester',
  'coventry-and-warwickshire',
  'leicester-city',
  'county-durham',
] as const;
const SEED = 2026;
const DAYS = 30;
const FIRST = '2025-12-01';
/** Wall seconds: offers are decided every half hour while practices ring patients. */
const FROM = 8.5 * 3600;
const TO = 17.5 * 3600;
const STEP = 1800;
/** As in the product. */
const LIMIT_MS = 1500;

type Choose = (problem: Problem, order: ReadonlyMap<string, number>) => readonly Flow[];
/** How offers are made. `triaged`: it is known who is urgent, and the practice is told whom the slots are for. */
interface Way {
  readonly choose: Choose;
  readonly triaged: boolean;
  /** Slots are kept for those who will ask. */
  readonly ahead: boolean;
}

interface Tally {
  /** Turned away by their practice, not sent on by it. */
  turnedAway: number;
  urgent: number;
  placed: number;
  urgentPlaced: number;
  attended: number;
  km: number;
  travelled: number;
  /** Sum over practices of the most urgent patients waiting at once, per 1,000. */
  peak: number;
  practices: number;
}
const nothing = (): Tally => ({
  ...{ turnedAway: 0, urgent: 0, placed: 0, urgentPlaced: 0, attended: 0, km: 0, travelled: 0, peak: 0, practices: 0 },
});

interface House {
  readonly definition: Definition;
  readonly ground: Ground;
  readonly practices: readonly UnitDef[];
  readonly hubs: readonly UnitDef[];
  readonly parents: ReadonlyMap<string, string>;
}

/** Weekdays without bank holidays, from the first on. */
function winterDays(): Day[] {
  const days: Day[] = [];
  for (let date = Temporal.PlainDate.from(FIRST); days.length < DAYS; date = date.add({ days: 1 })) {
    const day = dayOfDate(date.toString());
    if (day.kind <= 5) days.push(day);
  }
  return days;
}

interface Waiting {
  readonly urgent: number;
  readonly others: number;
  /** Urgent patients who will ask, if the next two hours go as the last. */
  readonly expected: number;
  /** Wall second since which the first of them waits. */
  readonly since: number;
}

/** Who waits at `wall` without a slot, was not rung before and has none held for them; by practice. */
function waiting(house: House, world: World, day: Day, wall: number, heldFor: ReadonlyMap<string, number>) {
  const found = new Map<string, Waiting>();
  for (const practice of house.practices) {
    const all = world.truth(practice, day);
    const left = all.filter(
      ({ at, became }) =>
        at <= wall &&
        ((became.kind === 'unplaced' && !became.declined) || (became.kind === 'placed' && became.placedAt > wall)),
    );
    const held = heldFor.get(practice.id) ?? 0;
    const urgent = left.filter((one) => one.urgent).length;
    const open = Math.max(0, urgent - held);
    const others = Math.max(0, left.length - urgent - Math.max(0, held - urgent));
    const lately = all.filter((one) => one.urgent && one.at <= wall && one.at > wall - 3600).length;
    const expected = (lately * AHEAD_MS) / HOUR;
    if (open + others + expected > 0)
      found.set(practice.id, { urgent: open, others, expected, since: left[0]?.at ?? wall });
  }
  return found;
}

/** One day lived through with offers made every half hour, all of them accepted. */
function live(house: House, world: World, day: Day, way: Way, received: ReadonlyMap<string, number>): void {
  const { ground, definition, hubs, parents } = house;
  const codes = new Map(house.practices.map((practice) => [practice.odsCode ?? practice.id, practice.id]));
  let kept = new Map<string, number>();
  let number = 0;
  for (let wall = FROM; wall <= TO; wall += STEP) {
    const at = day.epochOf(wall);
    const heldFor = new Map<string, number>();
    const free = new Map<string, { index: number; group: SlotGroup }[]>();
    for (const hub of hubs) {
      const book = world.slots(hub, day);
      const statuses = statusesAt(book, wall);
      const list = book.slots.flatMap((slot, index) => {
        if (statuses[index] === HELD) {
          const id = codes.get(holdAt(book, index, wall)?.for ?? '');
          if (id !== undefined) heldFor.set(id, (heldFor.get(id) ?? 0) + 1);
        }
        if ((statuses[index] ?? FREE) !== FREE || slot.start <= wall) return [];
        const channel = slot.channel === 'Telephone' ? ('telephone' as const) : ('in-person' as const);
        const start = day.epochOf(slot.start);
        return [
          {
            index,
            group: { start, minutes: slot.minutes, channel, role: null, service: null, free: 1, busy: 0, held: 0 },
          },
        ];
      });
      free.set(hub.id, list);
    }
    const open = waiting(house, world, day, wall, heldFor);
    const oldest = new Map([...open].map(([practice, { since }]) => [practice, since]));
    const needs = [...open].flatMap(([practice, { urgent, others, expected }]) =>
      needsOf(
        practice,
        way.triaged ? { urgent, soon: others, expected: way.ahead ? expected : 0 } : { urgent: urgent + others },
        at,
        ground.policy,
      ),
    );
    const told = hubs.map(({ id }) => ({ hub: id, groups: (free.get(id) ?? []).map(({ group }) => group) }));
    const { lots, slots } = lotsOf(ground, told, { at, promised: new Map() });
    const problem: Problem = { needs, lots, arcs: arcsOf(ground, needs, lots, { at, received, kept }) };
    const flows = way.choose(problem, oldest);
    const drafts = draftsOf(problem, flows, slots, (practice) => parents.get(practice) ?? definition.id);
    kept = new Map(
      drafts.flatMap((draft) =>
        draft.slots.map((slot) => [keepKey(slot.practice, slot.need, slot.lot), slot.count] as const),
      ),
    );
    for (const draft of drafts) {
      number += 1;
      hold(house, world, day, {
        at,
        draft,
        free: free.get(draft.hub) ?? [],
        key: `offer-${number}`,
        told: way.triaged,
      });
    }
  }
}

interface Holding {
  readonly at: number;
  readonly draft: Draft;
  /** Is used up. */
  readonly free: { index: number; group: SlotGroup }[];
  readonly key: string;
  /** The practices are told for whom the slots are. */
  readonly told: boolean;
}

function hold(house: House, world: World, day: Day, { at, draft, free, key, told }: Holding): void {
  const until = heldUntil(draft, at, house.ground.policy);
  const changes = draft.slots.flatMap(({ start, channel, count, practice, need }) =>
    Array.from({ length: count }, () => {
      const found = free.findIndex(({ group }) => group.start === start && group.channel === channel);
      const [slot] = found < 0 ? [] : free.splice(found, 1);
      if (!slot) throw new Error('a slot was offered that is not there');
      const code = house.practices.find(({ id }) => id === practice)?.odsCode ?? practice;
      return { slot: slot.index, becomes: 'held' as const, key, until, for: code, ...(told ? { need } : {}) };
    }),
  );
  world.take({ seed: SEED, at, date: day.date, site: draft.hub, changes });
}

/** What the day came to. `shares`: need and received by practice, to be added to. */
function count(house: House, world: World, day: Day, tally: Tally, shares: Map<string, Share>): void {
  for (const practice of house.practices) {
    const patients = world.truth(practice, day).filter(({ became }) => became.kind !== 'own-way');
    const share = shares.get(practice.id) ?? { need: 0, got: 0 };
    const steps: { at: number; by: number }[] = [];
    for (const { at, became, urgent } of patients) {
      tally.turnedAway += 1;
      if (urgent) {
        tally.urgent += 1;
        share.need += 1;
        steps.push({ at, by: 1 });
      }
      if (became.kind !== 'placed') continue;
      tally.placed += 1;
      if (became.attended) tally.attended += 1;
      if (became.km !== null) {
        tally.km += became.km;
        tally.travelled += 1;
      }
      if (!urgent) continue;
      tally.urgentPlaced += 1;
      share.got += 1;
      steps.push({ at: became.placedAt, by: -1 });
    }
    shares.set(practice.id, share);
    let [now, peak] = [0, 0];
    for (const { by } of steps.sort((a, b) => a.at - b.at || a.by - b.by)) {
      now += by;
      peak = Math.max(peak, now);
    }
    const thousands = (practice.population ?? 0) / 1000;
    if (peak > 0 && thousands > 0) {
      tally.peak += peak / thousands;
      tally.practices += 1;
    }
  }
}

interface Share {
  need: number;
  got: number;
}

/** Gini coefficient of the part of its need that each practice had met: 0 all alike. */
function unevenness(shares: ReadonlyMap<string, Share>): number {
  const met = [...shares.values()].flatMap(({ need, got }) => (need > 0 ? [got / need] : [])).sort((a, b) => a - b);
  const sum = met.reduce((all, value) => all + value, 0);
  if (sum === 0) return 0;
  const weighted = met.reduce((all, value, i) => all + (i + 1) * value, 0);
  return (2 * weighted) / (met.length * sum) - (met.length + 1) / met.length;
}

const metOf = (shares: ReadonlyMap<string, Share>) =>
  new Map([...shares].flatMap(([id, { need, got }]) => (need > 0 ? [[id, got / need] as const] : [])));

interface Outcome {
  readonly all: Tally;
  /** Days on which hub slots were scarce but not gone. */
  readonly scarce: Tally;
  readonly uneven: number;
}

function winter(house: House, way: Way | null, scarceDays: ReadonlySet<string>): Outcome {
  const [all, scarce] = [nothing(), nothing()];
  const shares = new Map<string, Share>();
  for (const day of winterDays()) {
    const world = worldOf(house);
    if (way) live(house, world, day, way, metOf(shares));
    const tally = nothing();
    count(house, world, day, tally, shares);
    for (const into of scarceDays.has(day.date) ? [all, scarce] : [all])
      for (const key of Object.keys(into) as (keyof Tally)[]) into[key] += tally[key];
  }
  return { all, scarce, uneven: unevenness(shares) };
}

/** Days with more urgent patients turned away than hub slots free at nine, of which, if nobody acts, some are left at noon. */
function scarceOf(house: House): Set<string> {
  const found = new Set<string>();
  for (const day of winterDays()) {
    const world = worldOf(house);
    const freeAt = (wall: number) =>
      house.hubs.reduce((sum, hub) => {
        const book = world.slots(hub, day);
        const statuses = statusesAt(book, wall);
        return sum + book.slots.filter((slot, i) => slot.start > wall && (statuses[i] ?? FREE) === FREE).length;
      }, 0);
    const urgent = house.practices.reduce(
      (sum, practice) => sum + world.truth(practice, day).filter((one) => one.urgent).length,
      0,
    );
    if (urgent > freeAt(9 * 3600) && freeAt(12 * 3600) > 0) found.add(day.date);
  }
  return found;
}

const worldOf = ({ definition }: House): World =>
  createWorld({ definition, national: loadNational(), scenario: null, seed: SEED });

async function houseOf(system: string): Promise<House> {
  const loaded = await loadDefinition(fileURLToPath(new URL(`../../server/systems/${system}`, import.meta.url)));
  if (!loaded.ok) throw new Error(`${system} has faults`);
  const { definition } = loaded;
  const practices = definition.units.filter(({ siteKind }) => siteKind === 'practice');
  return {
    definition,
    practices,
    ground: createGround(definition, definition.redirection ?? OWN_POLICY),
    hubs: definition.units.filter(({ siteKind }) => siteKind === 'hub'),
    parents: new Map(practices.map(({ id, parent }) => [id, parent ?? definition.id])),
  };
}

const PEAK = 'mean per 1,000 of practices';
const perKm = ({ km, travelled }: Tally) => (travelled === 0 ? 0 : km / travelled);
const peak = ({ peak: sum, practices }: Tally) => (practices === 0 ? 0 : sum / practices);
const round = (value: number) => Math.round(value * 1000) / 1000;

/**
 * Thirty winter weekdays of each system, or of the one that is named, seed 2026: the product's offers against everybody
 * sending to the nearest hub with a slot, as patients come or urgent ones first, and against nobody acting.
 */
export async function runBench(): Promise<void> {
  const solver: Solver = await createSolver();
  const only = process.argv[3];
  const rows: Record<string, string | number>[] = [];
  for (const system of only === undefined ? SYSTEMS : [only]) {
    const house = await houseOf(system);
    const scarceDays = scarceOf(house);
    const none = winter(house, null, scarceDays);
    const asTheyCome = winter(house, { choose: nearestFirst, triaged: false, ahead: false }, scarceDays);
    const urgentFirst = winter(house, { choose: nearestFirst, triaged: true, ahead: false }, scarceDays);
    const choose: Choose = (problem) => solver.solve(problem, LIMIT_MS).flows;
    const ours = winter(house, { choose, triaged: true, ahead: true }, scarceDays);
    const name = (what: string) => `redirection-winter ${system}: ${what}`;
    report(name('urgent of the patients turned away'), none.all.urgent, 'patients', none.all.turnedAway);
    for (const [what, against] of [
      ['nearest as they come', asTheyCome],
      ['nearest urgent first', urgentFirst],
    ] as const) {
      const scarce = `urgent placed on the ${scarceDays.size} days of scarce slots, against ${what}`;
      report(name(scarce), ours.scarce.urgentPlaced, 'patients', against.scarce.urgentPlaced);
      report(name(`urgent placed, against ${what}`), ours.all.urgentPlaced, 'patients', against.all.urgentPlaced);
      report(name(`placed, against ${what}`), ours.all.placed, 'patients', against.all.placed);
      report(name(`attended, against ${what}`), ours.all.attended, 'patients', against.all.attended);
      report(name(`way in person, against ${what}`), perKm(ours.all), 'km', perKm(against.all));
      report(name(`unevenness over practices, against ${what}`), ours.uneven, 'gini', against.uneven);
      report(name(`peak of urgent waiting, against ${what}`), peak(ours.all), PEAK, peak(against.all));
    }
    report(name('peak of urgent waiting, against nothing'), peak(ours.all), PEAK, peak(none.all));
    for (const [what, of_] of [
      ['nothing', none],
      ['nearest, as they come', asTheyCome],
      ['nearest, urgent first', urgentFirst],
      ['Headroom', ours],
    ] as const)
      rows.push({
        system,
        what,
        'urgent in need': of_.all.urgent,
        'urgent placed': of_.all.urgentPlaced,
        'on scarce days': of_.scarce.urgentPlaced,
        placed: of_.all.placed,
        attended: of_.all.attended,
        km: round(perKm(of_.all)),
        unevenness: round(of_.uneven),
        peak: round(peak(of_.all)),
      });
  }
  // Measurements go to standard output, the table for people beside it.
  new Console(process.stderr).table(rows);
  solver.close();
}
