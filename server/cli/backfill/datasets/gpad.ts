import { NATIONAL_CATEGORIES } from '#shared/model/national-categories.ts';
import { readCount, readPublishedDate } from '../../import/tables.ts';
import { orgCode, refuse, slug, type Dataset, type Figure } from '../dataset.ts';

const STATUS: Readonly<Record<string, string>> = {
  attended: 'appointments.attended',
  dna: 'appointments.no-show',
  unknown: 'appointments.unknown',
};

/** What the national table knows; published besides the categories: appointments whose type has none, or has several. */
const CATEGORIES: ReadonlySet<string> = new Set([...NATIONAL_CATEGORIES, 'unmapped', 'inconsistent-mapping']);
const SAME_THING: Readonly<Record<string, string>> = {
  triage: 'clinical-triage',
  'care-related-encounter-but-does-not-fit-into-any-other-category': 'care-related-encounter',
  'care-home-needs-assessment-and-personalised-care-and-support-planning':
    'care-home-needs-assessment-personalised-care-and-support-planning',
  'walk-in-appointment': 'walk-in',
  'video-online': 'video',
  'video-conference-online': 'video',
};
const named = (label: string): string => SAME_THING[slug(label)] ?? slug(label);

/** Practice-level crosstab: every row is a cell of the month's table, so figures of a practice add up over rows. */
export const gpadPractice: Dataset = {
  kind: 'gpad-practice',
  title: 'Appointments in General Practice, practice-level crosstab',
  headings: [['APPOINTMENT_MONTH_START_DATE', 'GP_CODE', 'APPT_STATUS', 'COUNT_OF_APPOINTMENTS']],
  adds: true,
  whole: true,
  read() {
    const strange = new Map<string, number>();
    return {
      take(row, where, tally) {
        const org = orgCode(row['GP_CODE']);
        const date = readPublishedDate(row['APPOINTMENT_MONTH_START_DATE'] ?? '');
        const value = readCount(row['COUNT_OF_APPOINTMENTS']);
        if (!org) return refuse(tally, 'no practice code', where);
        if (!date) return refuse(tally, 'its month is no date', where);
        if (value === null) return refuse(tally, 'its count is blank or no number', where);
        const status = STATUS[slug(row['APPT_STATUS'] ?? '')];
        if (!status) return refuse(tally, 'a status that is not attended, DNA or unknown', where);
        const category = named(row['NATIONAL_CATEGORY'] ?? '');
        if (category !== '' && !CATEGORIES.has(category)) strange.set(category, (strange.get(category) ?? 0) + 1);
        const wait = named(row['TIME_BETWEEN_BOOK_AND_APPT'] ?? '');
        const items = [
          'appointments.booked',
          status,
          ...(category ? [`category/${category}`] : []),
          ...(row['APPT_MODE'] ? [`mode/${named(row['APPT_MODE'])}`] : []),
          ...(row['HCP_TYPE'] ? [`hcp/${named(row['HCP_TYPE'])}`] : []),
          ...(wait ? [`wait/${wait}`] : []),
        ];
        // The contract's urgent measure: acute consultations, and those of them that were booked on their own day.
        if (category === 'general-consultation-acute') {
          items.push('appointments.urgent');
          if (wait === 'same-day') items.push('appointments.urgent-same-day');
        }
        return items.map((item): Figure => ({ org, item, month: date.slice(0, 7), day: 0, band: 0, value }));
      },
      finish(tally) {
        for (const [category, count] of strange)
          tally.note(`${count} rows of the category "${category}", which is not on the national list: taken as it is`);
        return [];
      },
    };
  },
};

/** Sub-ICB locations a day, by status or by actual duration. Practice figures are published by month only. */
export const gpadDaily: Dataset = {
  kind: 'gpad-daily',
  title: 'Appointments in General Practice, daily by sub-ICB location',
  headings: [['SUB_ICB_LOCATION_CODE', 'APPOINTMENT_DATE', 'COUNT_OF_APPOINTMENTS']],
  adds: true,
  read: () => ({
    take(row, where, tally) {
      const org = orgCode(row['SUB_ICB_LOCATION_CODE']);
      const date = readPublishedDate(row['APPOINTMENT_DATE'] ?? '');
      const value = readCount(row['COUNT_OF_APPOINTMENTS']);
      if (!org) return refuse(tally, 'no sub-ICB location code', where);
      if (!date) return refuse(tally, 'its day is no date', where);
      if (value === null) return refuse(tally, 'its count is blank or no number', where);
      const figure = (item: string): Figure => ({
        org,
        item,
        month: date.slice(0, 7),
        day: Number(date.slice(8)),
        band: 0,
        value,
      });
      if (row['APPT_STATUS'] === undefined) {
        const duration = slug(row['ACTUAL_DURATION'] ?? '');
        if (duration === '') return refuse(tally, 'neither a status nor a duration', where);
        return [figure('appointments.booked'), figure(`duration/${duration}`)];
      }
      const status = STATUS[slug(row['APPT_STATUS'])];
      if (!status) return refuse(tally, 'a status that is not attended, DNA or unknown', where);
      const mode = named(row['APPT_MODE'] ?? '');
      const wait = named(row['TIME_BETWEEN_BOOK_AND_APPT'] ?? '');
      return [
        figure('appointments.booked'),
        figure(status),
        ...(mode ? [figure(`mode/${mode}`)] : []),
        ...(wait ? [figure(`wait/${wait}`)] : []),
      ];
    },
    finish: () => [],
  }),
};
