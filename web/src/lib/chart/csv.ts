import { csvCell } from '$shared/model/csv';
import { localInput } from '../format/local-input.ts';
import { instantOf } from '../format/time.ts';
import type { ChartTable, Column } from './table.ts';
import type { ChartAbout } from './types.ts';

/** Why cells of a row are empty: `missed: unreachable; …`, or `all: unreachable`. What has yet to come is not missing. */
function missingOf(columns: readonly Column[], cells: ChartTable['rows'][number]['cells'], at: number): string {
  const measured = columns.flatMap((column, i) =>
    column.kind === 'measured' && cells[i] !== undefined ? [column] : [],
  );
  const gone = columns.flatMap(({ kind, label, missing }, i) =>
    kind === 'measured' && cells[i] === null ? [{ label, why: missing(at) }] : [],
  );
  const reasons = new Set(gone.map(({ why }) => why));
  if (gone.length > 1 && gone.length === measured.length && reasons.size === 1) return `all: ${[...reasons].join()}`;
  return gone.map(({ label, why }) => `${label}: ${why}`).join('; ');
}

/** What is worked out has no more than four decimals to say; counts have none. */
const figure = (value: number) => Math.round(value * 10_000) / 10_000;

/**
 * A chart's numbers as a file (RFC 4180), oldest first: times as RFC 3339 in UTC and by the London clock; an empty cell
 * where a value is missing, with the reason in a column of its own; whose numbers, from where, and whether simulated.
 */
export function csvOf({ columns, rows }: ChartTable, about: ChartAbout): string {
  const head = [
    'Time (UTC)',
    'Time (London)',
    ...columns.map(({ label, measure }) => `${label} (${measure})`),
    'Missing',
    'Simulated',
    'Unit',
    'Source',
  ];
  const lines = [...rows]
    .reverse()
    .map(({ at, cells }) => [
      instantOf(at),
      localInput(at).replace('T', ' '),
      ...cells.map((value) => (typeof value === 'number' ? figure(value) : '')),
      missingOf(columns, cells, at),
      about.simulated ? 'yes' : 'no',
      about.subject,
      about.source,
    ]);
  return [head, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** Name of a file of these numbers: `aintree-road-medical-centre-calls-2026-01-12.csv`. */
export function fileName(about: Pick<ChartAbout, 'subject'>, title: string, at: number, ending: string): string {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .normalize('NFKD')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  return `${slug(about.subject)}-${slug(title)}-${localInput(at).slice(0, 10)}.${ending}`;
}
