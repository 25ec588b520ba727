import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, type Random } from '../random.ts';
import { wallSeconds, type Day } from './day.ts';
import { listSize } from './sites.ts';

/** Online consultations: 137 a month per 1,000 patients; a Monday has 1.41 times a Tuesday (February 2026). */
const MONTHLY_PER_1000 = 137;
const BY_WEEKDAY = [1.28, 0.95, 0.93, 0.92, 0.92, 0, 0];
/** Share of a day by two hours from 6am, and of those that ask for care today. */
const BY_TWO_HOURS = [0.1, 0.41, 0.17, 0.12, 0.11, 0.06, 0.03];
const CLINICAL = 0.65;
const FIRST_SENT = wallSeconds('06:00');
const FIRST_READ = wallSeconds('08:05');
const LAST_READ = wallSeconds('18:20');
/** Mean seconds from sending to reading, and from reading to done, of clinical and of administrative requests. */
const READ_CLINICAL = 1500;
const READ_ADMIN = 5400;
const DONE_CLINICAL = 4500;
const DONE_ADMIN = 9000;

/** One practice's online requests of one day, in order of sending; times in wall seconds. */
export interface OnlineDay {
  readonly count: number;
  readonly sent: Int32Array;
  /** Asks for care (1), or for a letter, a prescription, a form (0). */
  readonly clinical: Uint8Array;
  /** When a clinical one was read and a slot looked for, and when the request was done with. */
  readonly read: Int32Array;
  readonly done: Int32Array;
  /** Read, done on the next working day (1) instead of this one. */
  readonly readNext: Uint8Array;
  readonly doneNext: Uint8Array;
}

const isWorkingDay = (date: string, weekday: number) => weekday <= 5 && !BANK_HOLIDAYS.has(date);

/** The last working day before this one, by its date. */
export function workingDayBefore(date: string): string {
  for (let day = Temporal.PlainDate.from(date).subtract({ days: 1 }); ; day = day.subtract({ days: 1 })) {
    if (isWorkingDay(day.toString(), day.dayOfWeek)) return day.toString();
  }
}

/** The day's share of its month, so that a month of days adds up to what is published for it. */
export function shareOfMonth(day: Pick<Day, 'date' | 'weekday' | 'bankHoliday'>): number {
  const first = Temporal.PlainDate.from(day.date).with({ day: 1 });
  let total = 0;
  for (let i = 0; i < first.daysInMonth; i++) {
    const date = first.add({ days: i });
    if (isWorkingDay(date.toString(), date.dayOfWeek)) total += BY_WEEKDAY[date.dayOfWeek - 1] ?? 0;
  }
  return day.bankHoliday ? 0 : (BY_WEEKDAY[day.weekday - 1] ?? 0) / total;
}

/** `month`: what is published for the practice's month; null: by its list. `share`: the day's of its month. */
export function createOnlineDay(site: UnitDef, day: Day, month: number | null, share: number, seed: number): OnlineDay {
  const random = createRandom(seed, day.date, site.id, 'online');
  const count = random.poisson((month ?? (listSize(site) / 1000) * MONTHLY_PER_1000) * share);
  const sent = Int32Array.from({ length: count }, () =>
    Math.floor(FIRST_SENT + random.pick(BY_TWO_HOURS) * 7200 + random.between(0, 7200)),
  ).sort();
  const online: OnlineDay = {
    count,
    sent,
    clinical: new Uint8Array(count),
    read: new Int32Array(count),
    done: new Int32Array(count),
    readNext: new Uint8Array(count),
    doneNext: new Uint8Array(count),
  };
  for (let i = 0; i < count; i++) workOff(online, i, random);
  return online;
}

/** In core hours alone: what is too late for today waits for the next working morning. */
function workOff(online: OnlineDay, i: number, random: Random): void {
  const clinical = random.next() < CLINICAL;
  online.clinical[i] = clinical ? 1 : 0;
  const wanted = Math.max(online.sent[i] ?? 0, FIRST_READ) + random.exponential(clinical ? READ_CLINICAL : READ_ADMIN);
  const readNext = wanted > LAST_READ;
  const read = readNext ? Math.min(LAST_READ, FIRST_READ + random.exponential(READ_CLINICAL)) : wanted;
  const finished = read + random.exponential(clinical ? DONE_CLINICAL : DONE_ADMIN);
  // Nobody keeps a request of yesterday beyond today.
  const doneNext = readNext || finished > LAST_READ;
  online.readNext[i] = readNext ? 1 : 0;
  online.doneNext[i] = doneNext ? 1 : 0;
  online.read[i] = Math.floor(read);
  online.done[i] = Math.floor(
    doneNext && !readNext ? FIRST_READ + random.exponential(DONE_CLINICAL) : Math.min(finished, LAST_READ),
  );
}

/** Wall seconds at which clinical requests, of today and of the working day before, are read and look for a slot. */
export function onlineContacts(today: OnlineDay, before: OnlineDay): number[] {
  const contacts: number[] = [];
  for (let i = 0; i < before.count; i++) {
    if (before.clinical[i] === 1 && before.readNext[i] === 1) contacts.push(before.read[i] ?? 0);
  }
  for (let i = 0; i < today.count; i++) {
    if (today.clinical[i] === 1 && today.readNext[i] === 0) contacts.push(today.read[i] ?? 0);
  }
  return contacts;
}

/** What a practice's online system shows at one moment. `oldestSent`: wall seconds and whether of the day before. */
export interface OnlineState {
  open: number;
  clinical: number;
  admin: number;
  oldestSent: { readonly wall: number; readonly before: boolean } | null;
}

/** `working`: whether today is a working day; on others what is open stays open. */
export function onlineStateAt(today: OnlineDay, before: OnlineDay, working: boolean, wall: number): OnlineState {
  const state: OnlineState = { open: 0, clinical: 0, admin: 0, oldestSent: null };
  for (let i = 0; i < before.count; i++) {
    if (before.doneNext[i] !== 1 || (working && (before.done[i] ?? 0) <= wall)) continue;
    state.open += 1;
    state.oldestSent ??= { wall: before.sent[i] ?? 0, before: true };
  }
  for (let i = 0; i < today.count && (today.sent[i] ?? 0) <= wall; i++) {
    if (today.clinical[i] === 1) state.clinical += 1;
    else state.admin += 1;
    if (today.doneNext[i] === 0 && (today.done[i] ?? 0) <= wall) continue;
    state.open += 1;
    state.oldestSent ??= { wall: today.sent[i] ?? 0, before: false };
  }
  return state;
}

export const worksOn = (day: Pick<Day, 'date' | 'weekday'>) => isWorkingDay(day.date, day.weekday);
