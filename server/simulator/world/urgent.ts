import type { National, UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait, type Random } from '../random.ts';
import { DAY_SECONDS, type Day } from './day.ts';
import type { SiteEffects } from './effects.ts';
import { isWithin, type Span } from './opening.ts';

/** Case queues of an urgent-care service: names and targets as the field labels them. */
export const URGENT_QUEUES = [
  { name: 'hcp-callback', targetMinutes: 30, share: 0.06 },
  { name: '1-hour', targetMinutes: 60, share: 0.2 },
  { name: '2-hour', targetMinutes: 120, share: 0.3 },
  { name: '6-hour', targetMinutes: 360, share: 0.44 },
] as const;

/** One service's calls and cases of one day; wall seconds, cases may end on the next day. */
export interface UrgentDay {
  readonly calls: Int32Array;
  /** 0 answered within 60 s, 1 answered later, 2 abandoned. */
  readonly answer: Uint8Array;
  readonly caseAt: Int32Array;
  readonly caseQueue: Uint8Array;
  readonly caseEnd: Int32Array;
  readonly shifts: readonly {
    readonly from: number;
    readonly to: number;
    readonly planned: number;
    readonly filled: number;
  }[];
}

export interface UrgentState {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly answeredIn60Seconds: number;
  readonly queues: readonly { name: string; targetMinutes: number; waiting: number; longestWaitMinutes: number }[];
  readonly planned: number;
  readonly filled: number;
}

/** Registered patients in England (March 2026): the base that the national 111 calls belong to. */
const ENGLAND = 63_300_000;
/** Share of 111 calls that become a case for a clinician's callback, and for out-of-hours. */
const CASE_SHARE = 0.34;
const OUT_OF_HOURS_SHARE = 0.3;
const BANK_HOLIDAY_AS = 7;

export interface UrgentArguments {
  readonly site: UnitDef;
  readonly day: Day;
  /** Patients whom this service answers for. */
  readonly population: number;
  readonly national: National;
  readonly spans: readonly Span[];
  readonly effects: SiteEffects;
  readonly seed: number;
}

export function createUrgentDay(args: UrgentArguments): UrgentDay {
  const { site, day, spans, effects } = args;
  const random = createRandom(args.seed, day.date, site.id, 'urgent');
  const times = callTimes(args, random);
  const share60 = args.national.nhs111.find((row) => row.weekday === weekdayFor(day))?.answeredIn60 ?? 0.78;
  const calls = Int32Array.from(times);
  const answer = Uint8Array.from(times, (at) => answerOf(at, share60, effects, random));
  const cases = times.filter(
    (_, i) => answer[i] !== 2 && random.next() < (site.siteKind === 'nhs111' ? CASE_SHARE : 0.95),
  );
  const slow = slowness(random);
  const queues = cases.map(() => random.pick(URGENT_QUEUES.map((queue) => queue.share)));
  const ends = cases.map((at, i) => {
    const target = URGENT_QUEUES[queues[i] ?? 0]?.targetMinutes ?? 60;
    const short = 1 / Math.max(0.4, 1 - absence(at, effects));
    const share = 0.4 * Math.exp(0.5 * random.normal()) * (slow[Math.floor(at / 1800)] ?? 1) * short;
    // A case near its target is moved up: few run far over it.
    const wait = target * (share < 0.8 ? share : 0.8 + 0.25 * (share - 0.8));
    return at + Math.round(Math.max(2, wait) * 60);
  });
  return {
    calls,
    answer,
    caseAt: Int32Array.from(cases),
    caseQueue: Uint8Array.from(queues),
    caseEnd: Int32Array.from(ends),
    shifts: shiftsOf(site, args.population, spans, effects, args.seed, day),
  };
}

const weekdayFor = (day: Day) => (day.bankHoliday ? BANK_HOLIDAY_AS : day.weekday);

function callTimes({ site, day, population, national, spans, effects }: UrgentArguments, random: Random): number[] {
  const weekday = weekdayFor(day);
  const daily = national.nhs111.find((row) => row.weekday === weekday)?.received ?? 55_000;
  const factor = Math.exp(0.05 * random.normal());
  const share = site.siteKind === 'nhs111' ? 1 : OUT_OF_HOURS_SHARE;
  const hours = national.urgentByHour.slice((weekday - 1) * 24, weekday * 24);
  const whole = hours.reduce((sum, value) => sum + value, 0) || 1;
  const times: number[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const mean = ((daily * population) / ENGLAND) * share * factor * ((hours[hour] ?? 0) / whole);
    for (let i = random.poisson(mean); i > 0; i--) times.push(Math.floor((hour + random.next()) * 3600));
  }
  const surged = times.flatMap((at) => {
    const surge = effects.surges.find((event) => at >= event.start && at < event.stop);
    return surge && random.next() < surge.factor - 1 ? [at, Math.min(DAY_SECONDS - 1, at + 30)] : [at];
  });
  return surged.filter((at) => isWithin(spans, at)).sort((a, b) => a - b);
}

function absence(at: number, effects: SiteEffects): number {
  return effects.absences.reduce((most, e) => (at >= e.start && at < e.stop ? Math.max(most, e.share) : most), 0);
}

function answerOf(at: number, share60: number, effects: SiteEffects, random: Random): number {
  const within = share60 * (1 - absence(at, effects));
  const draw = random.next();
  if (draw < within) return 0;
  return draw < within + (1 - within) * 0.7 ? 1 : 2;
}

/** How far waits are from usual, by half hour: a slow wave. */
function slowness(random: Random): Float64Array {
  let level = 0.3 * random.normal();
  return Float64Array.from({ length: 48 }, () => {
    level = 0.9 * level + 0.16 * random.normal();
    return Math.exp(level);
  });
}

/** Clinicians' shifts over each open span, in blocks of up to 6 hours; a few stay unfilled. */
function shiftsOf(
  site: UnitDef,
  population: number,
  spans: readonly Span[],
  effects: SiteEffects,
  seed: number,
  day: Day,
) {
  return spans.flatMap((span) => {
    const blocks = Math.max(1, Math.round((span.to - span.from) / (6 * 3600)));
    return Array.from({ length: blocks }, (_, block) => {
      const from = span.from + Math.floor(((span.to - span.from) * block) / blocks);
      const to = span.from + Math.floor(((span.to - span.from) * (block + 1)) / blocks);
      const planned = Math.max(3, Math.round(population / (site.siteKind === 'nhs111' ? 40_000 : 70_000)));
      let filled = 0;
      for (let i = 0; i < planned; i++) {
        const missing = 0.05 + 0.08 * trait(seed, site.id, 'shortfall') + absence((from + to) / 2, effects);
        if (trait(seed, site.id, day.date, 'shift', from, i) >= missing) filled += 1;
      }
      return { from, to, planned, filled };
    });
  });
}

/** The service at `wall`; `yesterday` still holds cases that wait from before midnight. */
export function urgentStateAt(today: UrgentDay, yesterday: UrgentDay | null, wall: number): UrgentState {
  const counts = { offered: 0, answered: 0, abandoned: 0, answeredIn60Seconds: 0 };
  addWindow(counts, today, wall - 900, wall);
  if (yesterday) addWindow(counts, yesterday, wall - 900 + DAY_SECONDS, wall + DAY_SECONDS);
  const queues = URGENT_QUEUES.map((queue) => ({
    name: queue.name,
    targetMinutes: queue.targetMinutes,
    waiting: 0,
    longestWaitMinutes: 0,
  }));
  addCases(queues, today, wall);
  if (yesterday) addCases(queues, yesterday, wall + DAY_SECONDS);
  const shifts = today.shifts.filter((shift) => wall >= shift.from && wall < shift.to);
  return {
    ...counts,
    queues,
    planned: shifts.reduce((sum, shift) => sum + shift.planned, 0),
    filled: shifts.reduce((sum, shift) => sum + shift.filled, 0),
  };
}

function addWindow(
  counts: { offered: number; answered: number; abandoned: number; answeredIn60Seconds: number },
  day: UrgentDay,
  from: number,
  to: number,
): void {
  day.calls.forEach((at, i) => {
    if (at <= from || at > to) return;
    counts.offered += 1;
    if (day.answer[i] === 2) counts.abandoned += 1;
    else counts.answered += 1;
    if (day.answer[i] === 0) counts.answeredIn60Seconds += 1;
  });
}

function addCases(queues: { waiting: number; longestWaitMinutes: number }[], day: UrgentDay, wall: number): void {
  day.caseAt.forEach((at, i) => {
    const queue = queues[day.caseQueue[i] ?? 0];
    if (!queue || at > wall || (day.caseEnd[i] ?? 0) <= wall) return;
    queue.waiting += 1;
    queue.longestWaitMinutes = Math.max(queue.longestWaitMinutes, Math.floor((wall - at) / 60));
  });
}
