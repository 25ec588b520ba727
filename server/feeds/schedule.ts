import { createTask, parse, validate, type ScheduledTask } from 'node-cron';
import { ZONE, type EpochMs } from '#shared/model/time.ts';

const SECOND = 1000;
const MINUTE_S = 60;
/** How far ahead the next turn is looked for. */
const AHEAD_S = 8 * 24 * 3600;
/** A clock that moved further than this at once has jumped: it is not walked second by second. */
const JUMP_S = 3600;

/** When things are due, on the product's clock. */
export interface Schedule {
  /** Ids due since the last call, each at most once, however far the clock went. */
  due(now: EpochMs): readonly string[];
  /** When an id is due next, after `after` (which is not long ago); null where that is more than eight days away. */
  next(id: string, after: EpochMs): EpochMs | null;
  stop(): void;
}

interface Firing {
  readonly at: EpochMs;
  next: number;
}

interface Timetable {
  readonly task: ScheduledTask;
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly periodMs: number;
  /** By offset: each member's own place in the period. */
  readonly members: readonly { readonly id: string; readonly offsetMs: number }[];
  firings: Firing[];
  /** The first firing after `from` (seconds), as last looked for. */
  ahead: { readonly from: number; readonly at: EpochMs | null };
}

/**
 * Cron expressions (with seconds, London time) over the product's clock. Each distinct expression is matched once per
 * elapsed second; its members follow at their own stable offset, so that those of one schedule are spread over its period.
 */
export function createSchedule(items: readonly { readonly id: string; readonly schedule: string }[]): Schedule {
  const timetables = [...Map.groupBy(items, ({ schedule }) => schedule)].flatMap(([expression, members]) =>
    validate(expression) ? [timetableOf(expression, members)] : [],
  );
  const places = new Map(
    timetables.flatMap((timetable) => timetable.members.map((member) => [member.id, { timetable, member }] as const)),
  );
  let last: number | null = null;

  return {
    due(now) {
      const second = Math.floor(now / SECOND);
      const due = new Set<string>();
      const jumped = last === null || second < last || second - last > JUMP_S;
      for (const timetable of timetables) {
        if (jumped) begin(timetable, second);
        else for (let s = (last ?? second) + 1; s <= second; s++) if (fires(timetable, s)) fire(timetable, s);
        if (jumped && last !== null && second > last) for (const { id } of timetable.members) due.add(id);
        collect(timetable, now, due);
      }
      last = second;
      return [...due];
    },
    next(id, after) {
      const place = places.get(id);
      if (!place) return null;
      const { timetable, member } = place;
      const firing = firingAfter(timetable, after - member.offsetMs);
      return firing === null ? null : firing + member.offsetMs;
    },
    stop() {
      for (const { task } of timetables) void task.destroy();
    },
  };
}

function timetableOf(expression: string, items: readonly { readonly id: string }[]): Timetable {
  const periodMs = shortestPeriodMs(expression);
  const { second, minute } = parse(expression);
  const members = items.map(({ id }) => ({ id, offsetMs: stableHash(id) % periodMs }));
  return {
    task: createTask(expression, () => undefined, { timezone: ZONE }),
    seconds: new Set(second),
    minutes: new Set(minute),
    periodMs,
    members: members.sort((a, b) => a.offsetMs - b.offsetMs),
    firings: [],
    ahead: { from: Infinity, at: null },
  };
}

// Most seconds are ruled out by the seconds field alone, without asking the calendar.
const fires = ({ task, seconds }: Timetable, second: number): boolean =>
  seconds.has(second % 60) && task.match(new Date(second * SECOND));

/** The first firing after `after`. The members of a timetable mostly ask for the same one. */
function firingAfter(timetable: Timetable, after: EpochMs): EpochMs | null {
  const from = Math.floor(after / SECOND) + 1;
  const { ahead } = timetable;
  if (from < ahead.from || (ahead.at !== null && from * SECOND > ahead.at))
    timetable.ahead = { from, at: lookAhead(timetable, from) };
  return timetable.ahead.at;
}

// London is whole hours away from UTC, so minutes and seconds can be ruled out without asking the calendar.
function lookAhead(timetable: Timetable, from: number): EpochMs | null {
  const { minutes, seconds } = timetable;
  for (let minute = Math.floor(from / MINUTE_S); minute * MINUTE_S < from + AHEAD_S; minute++) {
    if (!minutes.has(minute % 60)) continue;
    for (let s = 0; s < MINUTE_S; s++) {
      const second = minute * MINUTE_S + s;
      if (second >= from && seconds.has(s) && fires(timetable, second)) return second * SECOND;
    }
  }
  return null;
}

function fire(timetable: Timetable, second: number): void {
  timetable.firings.push({ at: second * SECOND, next: 0 });
}

/** Takes up the period that is under way, so that members whose turn in it is still to come have it. */
function begin(timetable: Timetable, second: number): void {
  timetable.firings = [];
  const back = Math.min(JUMP_S, timetable.periodMs / SECOND);
  for (let s = second; s > second - back; s--) {
    if (!fires(timetable, s)) continue;
    const elapsed = (second - s) * SECOND;
    const next = timetable.members.findIndex(({ offsetMs }) => offsetMs >= elapsed);
    if (next >= 0) timetable.firings.push({ at: s * SECOND, next });
    return;
  }
}

function collect(timetable: Timetable, now: EpochMs, due: Set<string>): void {
  for (const firing of timetable.firings) {
    let member = timetable.members[firing.next];
    while (member && firing.at + member.offsetMs <= now) {
      due.add(member.id);
      member = timetable.members[++firing.next];
    }
  }
  timetable.firings = timetable.firings.filter(({ next }) => next < timetable.members.length);
}

/** Shortest time between two firings of a day, in milliseconds (a day for an expression that fires once). */
export function shortestPeriodMs(expression: string): number {
  const { second, minute, hour } = parse(expression);
  const gaps = (values: readonly number[], wrap: number, below: number): number => {
    const sorted = [...new Set(values)].sort((a, b) => a - b);
    let least = wrap;
    sorted.forEach((value, i) => {
      const following = sorted[i + 1] ?? (sorted[0] ?? 0) + wrap;
      least = Math.min(least, following - value);
    });
    return least * below;
  };
  // The smallest gap is between neighbours of the finest field that has more than one value, or across its wrap.
  if (second.length > 1) return Math.max(1, gaps(second, 60, SECOND));
  if (minute.length > 1) return gaps(minute, 60, 60 * SECOND);
  return gaps(hour, 24, 3600 * SECOND);
}

/** FNV-1a: the same id has the same place in the period on every start. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  // The low bits of FNV of near-equal texts are near-equal; one round of mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}
