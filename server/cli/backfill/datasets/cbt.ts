import { BANDS } from '#shared/model/definition.ts';
import { readCount, readPublishedDate, type Row } from '../../import/tables.ts';
import type { Tally } from '../../import/tally.ts';
import { ENGLAND, refuse, type Dataset, type Figure } from '../dataset.ts';

const CODE = 'GP PRACTICE (ODS_CODE)';

const OUTCOMES = [
  ['COUNT OF INBOUND CALLS TOTAL', 'calls.inbound'],
  ['TOTAL INBOUND CALLS COUNT', 'calls.inbound'],
  ['ANSWERED TOTAL', 'calls.answered'],
  ['ANSWERED COUNT', 'calls.answered'],
  ['ENDED DURING THE IVR STAGE TOTAL', 'calls.ended-in-ivr'],
  ['CALL BACK REQUESTED TOTAL', 'callbacks.requested'],
  ['CALL BACK MADE TOTAL', 'callbacks.made'],
  ['MISSED TOTAL', 'calls.missed'],
  ['MISSED COUNT', 'calls.missed'],
] as const;
const WAITS = [
  ['WAIT: LESS THAN 1 MINUTE COUNT', 'under-1-min'],
  ['WAIT: 1 - 2 MINUTES COUNT', '1-2-min'],
  ['WAIT: 2 - 5 MINUTES COUNT', '2-5-min'],
  ['WAIT: LONGER THAN 5 MINUTES COUNT', 'over-5-min'],
] as const;
/** Waits were defined anew from this month: a series across it compares two things. */
const WAITS_REDEFINED = '2026-06';

/** Summary tables by practice and month: outcomes (table 3), waits of answered (4) and of missed calls (5). */
export const cbtPractice: Dataset = {
  kind: 'cbt-practice',
  title: 'Cloud based telephony, by practice and month',
  headings: [['MONTH', CODE]],
  adds: false,
  read() {
    const months = new Set<string>();
    let over = 0;
    let waits = false;
    return {
      take(row, where, tally) {
        const who = practiceOf(row[CODE], where, tally);
        const month = readPublishedDate(row['MONTH'] ?? '')?.slice(0, 7);
        if (!who) return [];
        if (!month) return refuse(tally, 'its month is no date', where);
        const figures = OUTCOMES.flatMap(([column, item]) => figureOf(row, column, item, who, month));
        // Table 5 tells the waits of missed calls under the same headings as table 4 those of answered ones.
        const of = row['MISSED COUNT'] === undefined ? 'answered' : 'missed';
        for (const [column, band] of WAITS) figures.push(...figureOf(row, column, `wait/${of}/${band}`, who, month));
        if (figures.length === 0) return refuse(tally, 'every count is blank or a dash', where);
        months.add(month);
        waits ||= WAITS.some(([column]) => row[column] !== undefined);
        if (sumsOver(figures)) over += 1;
        return figures;
      },
      finish(tally) {
        if (over > 0) tally.note(`the outcomes of ${over} rows add up to more than their calls: taken as published`);
        const sorted = [...months].sort();
        if (waits && (sorted[0] ?? '') < WAITS_REDEFINED && (sorted.at(-1) ?? '') >= WAITS_REDEFINED)
          tally.note(`waits were defined anew in ${WAITS_REDEFINED}: earlier and later months do not compare`);
        return [];
      },
    };
  },
};

function practiceOf(text: string | undefined, where: string, tally: Tally): string | null {
  const code = (text ?? '').trim().toUpperCase();
  if (code === 'NATIONAL') return ENGLAND;
  if (code === 'UNASSIGNED') tally.rejected('calls of a telephone account that several practices share', where);
  else if (!/^[A-Z]\d{5}$/.test(code)) tally.rejected('no practice code', where);
  else return code;
  return null;
}

function figureOf(row: Row, column: string, item: string, org: string, month: string): Figure[] {
  const value = readCount(row[column]);
  return value === null ? [] : [{ org, item, month, day: 0, band: 0, value }];
}

function sumsOver(figures: readonly Figure[]): boolean {
  const of = (item: string) => figures.find((figure) => figure.item === item)?.value;
  const inbound = of('calls.inbound');
  const parts = ['calls.answered', 'calls.ended-in-ivr', 'callbacks.requested', 'calls.missed'].map(of);
  if (inbound === undefined || parts.includes(undefined)) return false;
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) > inbound;
}

const INDICATORS: Readonly<Record<string, string>> = {
  CBT001: 'calls.inbound',
  CBT002: 'calls.ended-in-ivr',
  CBT003: 'calls.answered',
  CBT004: 'calls.missed',
  CBT005: 'callbacks.requested',
  CBT006: 'callbacks.made',
};
const bandOf = (label: string): number =>
  BANDS.findIndex((band) => band.label === label.replace(/\s*[-–]\s*/g, '-').trim()) + 1;

/** Calls a day and band: by practice and indicator (the regional files), or for England (summary table 2). */
export const cbtDayTime: Dataset = {
  kind: 'cbt-day-time',
  title: 'Cloud based telephony, by day and time',
  headings: [
    ['DATE', 'PRACTICE_CODE', 'INDICATOR', 'TIME_CATEGORY', 'VALUE'],
    ['DAY', 'DATE', '08:00 - 09:59'],
  ],
  adds: false,
  read: () => ({
    take(row, where, tally) {
      const date = readPublishedDate(row['DATE'] ?? '');
      if (!date) return refuse(tally, 'its day is no date', where);
      const at = { month: date.slice(0, 7), day: Number(date.slice(8)) };
      return row['INDICATOR'] === undefined ? nationalDay(row, at, where, tally) : practiceBand(row, at, where, tally);
    },
    finish: () => [],
  }),
};

type When = Pick<Figure, 'month' | 'day'>;

function nationalDay(row: Row, at: When, where: string, tally: Tally): readonly Figure[] {
  const figures = BANDS.flatMap(({ label }, i): Figure[] => {
    const value = readCount(row[label.replace('-', ' - ')]);
    return value === null ? [] : [{ org: ENGLAND, item: 'calls.inbound', ...at, band: i + 1, value }];
  });
  if (figures.length < BANDS.length) return refuse(tally, 'a band of the day is missing', where);
  return figures;
}

function practiceBand(row: Row, at: When, where: string, tally: Tally): readonly Figure[] {
  const org = practiceOf(row['PRACTICE_CODE'], where, tally);
  if (!org) return [];
  const item = INDICATORS[(row['INDICATOR'] ?? '').slice(0, 6).toUpperCase()];
  if (!item) return refuse(tally, 'an indicator other than CBT001 to CBT006', where);
  const label = row['TIME_CATEGORY'] ?? '';
  const band = /^total$/i.test(label) ? 0 : bandOf(label);
  if (band === 0 && !/^total$/i.test(label)) return refuse(tally, 'a time band that is not one of the nine', where);
  const value = readCount(row['VALUE']);
  if (value === null) return refuse(tally, 'its value is blank or no number', where);
  return [{ org, item, ...at, band, value }];
}
