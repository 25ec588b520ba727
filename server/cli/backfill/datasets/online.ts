import { readCount, readPublishedDate } from '../../import/tables.ts';
import { orgCode, refuse, type Dataset, type Figure } from '../dataset.ts';

const ITEMS = [
  ['SUBMISSIONS', 'online.all'],
  ['CLINICAL SUBMISSIONS', 'online.clinical'],
  ['ADMINISTRATIVE SUBMISSIONS', 'online.admin'],
  ['OTHER/UNKNOWN TYPE SUBMISSIONS', 'online.other'],
] as const;

/** Submissions through online consultation systems by practice and month (table 2). */
export const onlineConsultations: Dataset = {
  kind: 'online-consultations',
  title: 'Submissions via online consultation systems, by practice and month',
  headings: [['MONTH', 'GP CODE', 'SUBMISSIONS']],
  // A practice with two suppliers has two rows.
  adds: true,
  read() {
    let uneven = 0;
    return {
      take(row, where, tally) {
        const org = orgCode(row['GP CODE']);
        const month = readPublishedDate(row['MONTH'] ?? '')?.slice(0, 7);
        if (!org) return refuse(tally, 'no practice code', where);
        if (!month) return refuse(tally, 'its month is no date', where);
        if (row['PARTICIPATION'] === '0') return refuse(tally, 'did not take part: its zero is not one', where);
        const figures = ITEMS.flatMap(([column, item]): Figure[] => {
          const value = readCount(row[column]);
          return value === null ? [] : [{ org, item, month, day: 0, band: 0, value }];
        });
        const [all, ...parts] = figures;
        if (all?.item !== 'online.all') return refuse(tally, 'its submissions are blank or no number', where);
        if (parts.length === 3 && parts.reduce((sum, { value }) => sum + value, 0) !== all.value) uneven += 1;
        return figures;
      },
      finish(tally) {
        if (uneven > 0) tally.note(`in ${uneven} rows the kinds do not add up to the submissions: taken as published`);
        return [];
      },
    };
  },
};
