import type { PublishedMembershipRow, PublishedOrganisationRow } from '../../store/published.ts';
import { readPublishedDate, type Row } from '../import/tables.ts';
import type { Tally } from '../import/tally.ts';

/** epraccur has no heading; its columns are fixed by its specification. */
const COLUMN = { code: 0, name: 1, opened: 10, closed: 11, status: 12, subIcb: 14 };
const WIDTH = 26;

/** A practice of the register, whatever its status. Null, with the reason in the tally, where the row is none. */
export function readPractice(cells: readonly string[], line: number, tally: Tally): PublishedOrganisationRow | null {
  const cell = (column: keyof typeof COLUMN) => (cells[COLUMN[column]] ?? '').trim();
  const where = `line ${line}`;
  const code = cell('code').toUpperCase();
  if (cells.length < WIDTH) return none(tally, `fewer than ${WIDTH} columns`, where);
  if (!/^[A-Z0-9]{5,8}$/.test(code)) return none(tally, 'no organisation code', where);
  if (!/^[ACDP]$/.test(cell('status'))) return none(tally, 'a status that is not A, C, D or P', code);
  const opened = dateOf(cell('opened'));
  const closed = dateOf(cell('closed'));
  if (opened === undefined || closed === undefined)
    return none(tally, 'an opening or closing day that is no date', code);
  if (opened && closed && closed < opened) return none(tally, 'closed before it opened', code);
  if (cell('status') === 'C' && closed === null) tally.marked('closed without a day', code);
  return {
    code,
    name: cell('name'),
    kind: 'practice',
    parent: cell('subIcb') || null,
    status: cell('status'),
    opened,
    closed,
  };
}

export const NETWORK_HEADING = ['PCN CODE', 'PCN NAME', 'OPEN DATE', 'CLOSE DATE'];
export const MEMBERSHIP_HEADING = [
  'PARTNER ORGANISATION CODE',
  'PCN CODE',
  'PRACTICE TO PCN RELATIONSHIP START DATE',
  'PRACTICE TO PCN RELATIONSHIP END DATE',
];

export function readNetwork(row: Row, where: string, tally: Tally): PublishedOrganisationRow | null {
  const code = (row['PCN CODE'] ?? '').toUpperCase();
  const opened = dateOf(row['OPEN DATE'] ?? '');
  const closed = dateOf(row['CLOSE DATE'] ?? '');
  if (!/^U\d{5}$/.test(code)) return none(tally, 'no network code', where);
  if (opened === undefined || closed === undefined)
    return none(tally, 'an opening or closing day that is no date', code);
  if (opened && closed && closed < opened) return none(tally, 'closed before it opened', code);
  const parent = row['CURRENT SUB ICB LOC CODE'] ?? '';
  return { code, name: row['PCN NAME'] ?? '', kind: 'network', parent: parent || null, status: null, opened, closed };
}

export function readMembership(row: Row, where: string, tally: Tally): PublishedMembershipRow | null {
  const practice = (row['PARTNER ORGANISATION CODE'] ?? '').trim().toUpperCase();
  const network = (row['PCN CODE'] ?? '').trim().toUpperCase();
  const from = dateOf(row['PRACTICE TO PCN RELATIONSHIP START DATE'] ?? '');
  const to = dateOf(row['PRACTICE TO PCN RELATIONSHIP END DATE'] ?? '');
  if (!/^[A-Z0-9]{5,8}$/.test(practice)) return none(tally, 'no practice code', where);
  if (network === 'U') return none(tally, 'a practice in no network (U)', practice);
  if (!/^U\d{5}$/.test(network)) return none(tally, 'no network code', practice);
  if (!from) return none(tally, 'no start date', practice);
  if (to === undefined) return none(tally, 'an end that is no date', practice);
  if (to !== null && to < from) return none(tally, 'ends before it starts', practice);
  return { practice, network, from, to };
}

/** A practice may be in one network at a time: where the register says two, both are kept and it is said. */
export function noteOverlaps(memberships: readonly PublishedMembershipRow[], tally: Tally): void {
  for (const [practice, own] of Map.groupBy(memberships, (membership) => membership.practice)) {
    const sorted = own.toSorted((a, b) => a.from.localeCompare(b.from));
    const twice = sorted.some((next, i) => {
      const before = sorted[i - 1];
      return before !== undefined && (before.to === null || before.to > next.from);
    });
    if (twice) tally.marked('in two networks at once', practice);
  }
}

/** Null where the cell is blank; undefined where it holds no date. */
function dateOf(cell: string): string | null | undefined {
  const text = cell.trim();
  return text === '' ? null : (readPublishedDate(text) ?? undefined);
}

function none(tally: Tally, reason: string, where: string): null {
  tally.rejected(reason, where);
  return null;
}
