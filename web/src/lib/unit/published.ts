import type { PublishedBody } from '$shared/protocol/published';
import { sayNumber, sayShare } from '../format/numbers.ts';

/** One published figure over the newest months; a month that was not published is null. */
export interface PublishedRow {
  readonly label: string;
  readonly cells: readonly (string | null)[];
  /** Files the figures came in. */
  readonly source: string;
}

export interface PublishedTable {
  /** `2026-02`, oldest first. */
  readonly months: readonly string[];
  readonly rows: readonly PublishedRow[];
}

interface Line {
  readonly label: string;
  readonly item: string;
  /** The figure as a share of this one. */
  readonly of?: string;
}

const LINES: readonly Line[] = [
  { label: 'Calls', item: 'calls.inbound' },
  { label: 'Answered', item: 'calls.answered', of: 'calls.inbound' },
  { label: 'Ended in the menu', item: 'calls.ended-in-ivr', of: 'calls.inbound' },
  { label: 'Missed', item: 'calls.missed', of: 'calls.inbound' },
  { label: 'Callbacks made, of those asked for', item: 'callbacks.made', of: 'callbacks.requested' },
  { label: 'Appointments', item: 'appointments.booked' },
  { label: 'Did not attend', item: 'appointments.no-show', of: 'appointments.booked' },
  { label: 'Urgent, seen on the day', item: 'appointments.urgent-same-day', of: 'appointments.urgent' },
  { label: 'Online requests', item: 'online.all' },
  { label: 'Clinical, of online requests', item: 'online.clinical', of: 'online.all' },
  { label: '111 calls received', item: 'iuc.offered' },
  { label: 'Answered in 60 seconds', item: 'iuc.answered-in-60s', of: 'iuc.answered' },
];
const MONTHS = 4;

/** The newest published months of a unit as a table; null where nothing that is shown was published. */
export function publishedTable(body: PublishedBody): PublishedTable | null {
  const known = new Map(body.figures.map((figure) => [`${figure.item} ${figure.month}`, figure]));
  const wanted = body.figures.filter(({ item }) => LINES.some((line) => line.item === item));
  const months = [...new Set(wanted.map(({ month }) => month))].sort().slice(-MONTHS);
  const rows = LINES.flatMap((line): PublishedRow[] => {
    const own = months.map((month) => known.get(`${line.item} ${month}`));
    const cells = own.map((figure, i) => {
      if (figure === undefined) return null;
      if (line.of === undefined) return sayNumber(figure.value);
      const whole = known.get(`${line.of} ${months[i] ?? ''}`)?.value ?? 0;
      return whole > 0 ? sayShare(figure.value / whole) : null;
    });
    const source = [...new Set(own.flatMap((figure) => figure?.file ?? []))].join(', ');
    return cells.some((cell) => cell !== null) ? [{ label: line.label, cells, source }] : [];
  });
  return rows.length === 0 ? null : { months, rows };
}

const NAMES = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
/** `Feb 2026`. */
export const sayMonth = (month: string): string => NAMES.format(new Date(`${month}-01T00:00:00Z`));

const DAYS = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const sayDay = (day: string): string => DAYS.format(new Date(`${day}T00:00:00Z`));

/** What the register says of the unit itself, in a line; empty where it says nothing out of the ordinary. */
export function registerLine({ organisation, memberships }: PublishedBody): string {
  const closed = organisation?.closed ? [`closed ${sayDay(organisation.closed)}`] : [];
  const status = organisation?.status === 'D' ? ['dormant'] : organisation?.status === 'P' ? ['not yet open'] : [];
  const before = memberships.flatMap(({ name, network, to }) =>
    to === null ? [] : [`in ${name ?? network} until ${sayDay(to)}`],
  );
  return [...closed, ...status, ...before.slice(0, 2)].join(' · ');
}
