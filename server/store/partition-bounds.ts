import { literal } from './backup-catalogue.ts';
import { BackupFault } from './backup-fault.ts';
import type { Table } from './backup-format.ts';

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?\+00`;
const RANGE = new RegExp(`^FOR VALUES FROM \\('(${DATE}(?: ${TIME})?)'\\) TO \\('(${DATE}(?: ${TIME})?)'\\)$`);

/**
 * Bounds of a partition as the catalogue writes them, as SQL made anew: a range of dates or of times in UTC, and
 * nothing else, since what a file says must not be run. Null for anything else.
 */
export function boundsSql(text: string): string | null {
  const [, from, to] = RANGE.exec(text) ?? [];
  if (from === undefined || to === undefined || !(momentOf(from) < momentOf(to))) return null;
  return `for values from (${literal(from)}) to (${literal(to)})`;
}

/** NaN for a day that no calendar has. */
function momentOf(text: string): number {
  const day = Date.parse(`${text.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)) return NaN;
  return text.length === 10 ? day : Date.parse(`${text.replace(' ', 'T')}:00`);
}

/** Throws `BackupFault` for partitions such as no backup of ours holds, naming file and table. */
export function checkPartitions(file: string, tables: readonly Table[]): void {
  for (const { name, partition, key } of tables) {
    if (partition === null) continue;
    const wrong =
      key !== null
        ? `is divided by ${JSON.stringify(key)}`
        : boundsSql(partition.bound) === null
          ? `has the bounds ${JSON.stringify(partition.bound)}, which are no range of times`
          : null;
    if (wrong !== null)
      throw new BackupFault(
        'BACKUP_CORRUPT',
        `${file}: in its contents, partition ${name} ${wrong}. Nothing of it is used.`,
      );
  }
}
