import { BANDS, type National } from '#shared/model/definition.ts';
import { BANK_HOLIDAYS } from '#shared/model/calendar.ts';
import { ImportFault } from './import-fault.ts';
import { parseRows, readCount, readPublishedDate, readTable, type Row } from './tables.ts';
import type { Tally } from './tally.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = 24;

/** Calls in England a day by the nine bands. */
export function callBands(text: string, file: string, tally: Tally): National['days'] {
  const columns = BANDS.map(({ label }) => label.replace('-', ' - '));
  return readTable(text, ['Date', ...columns], file, tally).flatMap((row) => {
    const date = readPublishedDate(row['Date'] ?? '');
    const bands = columns.map((column) => readCount(row[column]));
    if (date === null || bands.includes(null)) {
      tally.rejected('no date, or a band is missing', row['Date'] ?? '');
      return [];
    }
    tally.taken();
    return [{ date, bands: bands.map((band) => band ?? 0) }];
  });
}

/** Shares of calls by outcome on ordinary weekdays. */
export function callOutcomes(text: string, file: string, tally: Tally): National['outcomes'] {
  const rows = readTable(text, ['day_label', 'time_band', 'answered', 'missed'], file, tally).flatMap((row) => {
    const weekday = WEEKDAYS.indexOf(row['day_label'] ?? '') + 1;
    const band = BANDS.findIndex(({ label }) => label === row['time_band']);
    const [answered, endedInIvr, missed] = ['answered', 'ended_in_ivr', 'missed'].map((key) => readCount(row[key]));
    const where = `${row['day_label'] ?? ''} ${row['time_band'] ?? ''}`;
    if (weekday === 0 || band < 0) {
      tally.rejected('no single ordinary weekday', where);
      return [];
    }
    if (typeof answered !== 'number' || typeof endedInIvr !== 'number' || typeof missed !== 'number') {
      tally.rejected('a share is missing', where);
      return [];
    }
    tally.taken();
    const published = readCount(row['callback_requested']);
    if (published === null) tally.note('callbacks are not published for some small bands: what the other shares leave');
    const callbackRequested = published ?? Math.max(0, 1 - answered - endedInIvr - missed);
    return [{ weekday, band, answered, endedInIvr, callbackRequested, missed }];
  });
  if (rows.length !== WEEKDAYS.length * BANDS.length)
    throw new ImportFault(`${file} does not hold seven days of nine bands`);
  return rows.sort((a, b) => a.weekday - b.weekday || a.band - b.band);
}

/** Share of answered calls by length, over all published months. */
export function callLengths(text: string, file: string, tally: Tally): National['callDuration'] {
  const columns = ['1 minute or less', '1 to 2 minutes', '2 to 5 minutes', 'over 5 minutes'];
  const sums = [0, 0, 0, 0];
  for (const row of readTable(text, [...columns, 'answered_calls'], file, tally)) {
    const calls = readCount(row['answered_calls']);
    const shares = columns.map((column) => readCount(row[column]));
    if (calls === null || shares.includes(null)) tally.rejected('a share is missing', row['month'] ?? '');
    else {
      tally.taken();
      shares.forEach((share, i) => (sums[i] = (sums[i] ?? 0) + (share ?? 0) * calls));
    }
  }
  const total = sums.reduce((a, b) => a + b, 0);
  const [one = 0, two = 0, three = 0, four = 0] = sums.map((sum) => Math.round((sum / total) * 1e6) / 1e6);
  return [one, two, three, four];
}

interface UrgentDay {
  readonly contract: string;
  readonly date: string;
  readonly received: number;
  readonly answered: number;
  readonly in60: number;
}

/** 111 calls a day by weekday. Its abandoned column repeats the calls received and is not read. */
export function urgentCalls(text: string, file: string, tally: Tally): National['nhs111'] {
  let wrong = 0;
  const rows = readTable(text, ['date', 'calls_received', 'calls_answered', 'calls_answered_60s'], file, tally);
  const days = rows.flatMap((row): UrgentDay[] => {
    if (row['calls_abandoned'] === row['calls_received']) wrong += 1;
    const day = urgentDay(row);
    const where = `${row['contract_code'] ?? ''} ${row['date'] ?? ''}`;
    if (!day) tally.rejected('no date, or a count is missing', where);
    else if (day.received === 0) tally.rejected('no calls at all: no real day', where);
    else if (BANK_HOLIDAYS.has(day.date)) tally.rejected('a bank holiday', where);
    else {
      tally.taken();
      return [day];
    }
    return [];
  });
  if (wrong > 0) tally.note(`"calls_abandoned" equals "calls_received" in ${wrong} rows: wrong, not read`);
  return WEEKDAYS.map((name, i) => {
    const ordinary = days.filter(({ date }) => weekdayOf(date) === i + 1);
    if (ordinary.length === 0) throw new ImportFault(`${file} holds no ordinary ${name}`);
    return { weekday: i + 1, ...urgentMean(ordinary) };
  });
}

function urgentDay(row: Row): UrgentDay | null {
  const date = readPublishedDate(row['date'] ?? '');
  const received = readCount(row['calls_received']);
  const answered = readCount(row['calls_answered']);
  const in60 = readCount(row['calls_answered_60s']);
  if (date === null || received === null || answered === null || in60 === null) return null;
  return { contract: row['contract_code'] ?? '', date, received, answered, in60 };
}

/** Means contract by contract, then added: a contract's missing day must not make the country's day smaller. */
function urgentMean(days: readonly UrgentDay[]) {
  const sum = (some: readonly UrgentDay[], key: 'received' | 'answered' | 'in60') =>
    some.reduce((total, day) => total + day[key], 0);
  const means = [...Map.groupBy(days, ({ contract }) => contract).values()].map(
    (own) => sum(own, 'received') / own.length,
  );
  return {
    received: Math.round(means.reduce((a, b) => a + b, 0)),
    answeredIn60: Math.round((sum(days, 'in60') / sum(days, 'answered')) * 1e4) / 1e4,
  };
}

function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** A&E arrivals by weekday and hour as 168 shares of a week. */
export function arrivals(text: string, file: string, tally: Tally): number[] {
  const counts = new Map<string, number[]>();
  for (const row of parseRows(text, file)) {
    tally.read();
    const [day = '', measure = '', ...cells] = row;
    if (!WEEKDAYS.includes(day) || measure !== 'Total') {
      tally.rejected("not a weekday's total", `${day} ${measure}`.trim().slice(0, 40));
      continue;
    }
    tally.taken();
    counts.set(
      day,
      cells.slice(0, HOURS).map((cell) => readCount(cell) ?? 0),
    );
  }
  const week = WEEKDAYS.flatMap((day) => counts.get(day) ?? []);
  if (week.length !== WEEKDAYS.length * HOURS) throw new ImportFault(`${file} does not hold seven days of 24 hours`);
  const total = week.reduce((a, b) => a + b, 0);
  return week.map((count) => Math.round((count / total) * 1e7) / 1e7);
}
