import { readCount, readPublishedDate, type Row } from '../../import/tables.ts';
import type { Tally } from '../../import/tally.ts';
import { orgCode, refuse, type Dataset, type Figure } from '../dataset.ts';

const ABANDONED = 'iuc.abandoned';
const ITEMS = [
  ['CALLS_RECEIVED', 'iuc.offered'],
  ['CALLS_ANSWERED', 'iuc.answered'],
  ['CALLS_ANSWERED_60S', 'iuc.answered-in-60s'],
  ['CALLS_TRIAGED', 'iuc.triaged'],
  ['CALLS_ABANDONED', ABANDONED],
] as const;
/** A column that cannot be true in more of its rows than this is not believed in any. */
const BELIEVED = 0.01;
/** Calls answered after midnight count to the day before. */
const SLACK = 1.02;

/**
 * 111 calls a day by contract. The column of abandoned calls is taken only where it can be one: in a file in circulation
 * it is nearly the calls received.
 */
export const nhs111Daily: Dataset = {
  kind: 'nhs111-daily',
  title: 'NHS 111 calls a day by contract',
  headings: [['DATE', 'CONTRACT_CODE', 'CALLS_RECEIVED', 'CALLS_ANSWERED']],
  adds: false,
  read() {
    const names = new Map<string, string>();
    const renamed = new Set<string>();
    let [told, impossible] = [0, 0];
    return {
      take(row, where, tally) {
        const org = orgCode(row['CONTRACT_CODE']);
        const date = readPublishedDate(row['DATE'] ?? '');
        if (!org) return refuse(tally, 'no contract code', where);
        if (!date) return refuse(tally, 'its day is no date', where);
        const received = readCount(row['CALLS_RECEIVED']);
        if (received === null) return refuse(tally, 'its calls are blank or no number', where);
        if (received === 0) return refuse(tally, 'no calls at all: no real day', where);
        const name = row['CONTRACT_NAME'] ?? '';
        if ((names.get(org) ?? name) !== name) renamed.add(org);
        names.set(org, name);
        const at = { org, month: date.slice(0, 7), day: Number(date.slice(8)), band: 0 };
        const abandoned = readCount(row['CALLS_ABANDONED']);
        const answered = readCount(row['CALLS_ANSWERED']) ?? 0;
        if (abandoned !== null) told += 1;
        if (abandoned !== null && abandoned + answered > received * SLACK) impossible += 1;
        return ITEMS.flatMap(([column, item]): Figure[] => {
          const value = readCount(row[column]);
          return value === null ? [] : [{ ...at, item, value }];
        });
      },
      finish(tally) {
        const doubted = impossible > told * BELIEVED;
        if (doubted)
          tally.note(
            `"calls_abandoned": with the calls answered it is more than the calls received in ${impossible} of ` +
              `${told} rows: the column is wrong and was not taken`,
          );
        for (const code of renamed) tally.note(`contract ${code} goes by more than one name: counted as one`);
        return doubted ? [ABANDONED] : [];
      },
    };
  },
};

/** `IUCADC-MONTHLY-APR-2024`. */
function periodOf(text: string): string | null {
  const [, month, year] = /^IUCADC-MONTHLY-([A-Z]{3})-(\d{4})$/.exec(text.trim().toUpperCase()) ?? [];
  return month && year ? (readPublishedDate(`01${month}${year}`)?.slice(0, 7) ?? null) : null;
}

/** Integrated Urgent Care Aggregate Data Collection: items by contract and month. */
export const iucAdc: Dataset = {
  kind: 'iuc-adc',
  title: 'Integrated Urgent Care Aggregate Data Collection, by contract and month',
  headings: [['REPORTING_PERIOD', 'CONTRACT_CODE', 'ITEM_NUMBER', 'VALUE']],
  // Some items are means and shares: two rows of one figure are never added.
  adds: false,
  read() {
    const names = new Map<string, Set<string>>();
    return {
      take: (row, where, tally) => takeItem(row, where, tally, names),
      finish(tally) {
        for (const [code, known] of names)
          if (known.size > 1) tally.note(`contract ${code} goes by ${known.size} names: counted as one`);
        return [];
      },
    };
  },
};

function takeItem(row: Row, where: string, tally: Tally, names: Map<string, Set<string>>): readonly Figure[] {
  const org = orgCode(row['CONTRACT_CODE']);
  const month = periodOf(row['REPORTING_PERIOD'] ?? '');
  const item = (row['ITEM_NUMBER'] ?? '').trim().toUpperCase();
  if (!org) return refuse(tally, 'no contract code', where);
  if (!month) return refuse(tally, 'its period is not like IUCADC-MONTHLY-APR-2024', where);
  if (!/^[A-Z]\d{2,3}[A-Z]?$/.test(item)) return refuse(tally, 'no item number', where);
  const value = readCount(row['VALUE']);
  if (value === null) return refuse(tally, 'no figure (-, ., * or blank)', where);
  names.set(org, (names.get(org) ?? new Set()).add(row['CONTRACT_NAME'] ?? ''));
  return [{ org, item, month, day: 0, band: 0, value }];
}
