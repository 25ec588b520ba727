import { readPublishedDate, readTable } from './tables.ts';
import type { Tally } from './tally.ts';

/** A practice's time in a network (ePCN core partners). `to` null: still in it when the file was made. */
export interface Membership {
  readonly code: string;
  readonly name: string;
  readonly from: string;
  readonly to: string | null;
}

const COLUMNS = {
  practice: 'Partner Organisation Code',
  code: 'PCN Code',
  name: 'PCN Name',
  from: 'Practice to PCN Relationship Start Date',
  to: 'Practice to PCN Relationship End Date',
};

/** Memberships by practice, oldest first. */
export function readMemberships(text: string, file: string, tally: Tally): Map<string, Membership[]> {
  const found: { practice: string; membership: Membership }[] = [];
  for (const row of readTable(text, Object.values(COLUMNS), file, tally)) {
    const cell = (column: keyof typeof COLUMNS) => row[COLUMNS[column]] ?? '';
    const from = readPublishedDate(cell('from'));
    const to = cell('to') === '' ? null : readPublishedDate(cell('to'));
    if (from === null) tally.rejected('no start date', cell('practice'));
    else {
      tally.taken();
      found.push({ practice: cell('practice'), membership: { code: cell('code'), name: cell('name'), from, to } });
    }
  }
  found.sort((a, b) => a.membership.from.localeCompare(b.membership.from));
  return new Map(
    [...Map.groupBy(found, ({ practice }) => practice)].map(([practice, all]) => [
      practice,
      all.map(({ membership }) => membership),
    ]),
  );
}
