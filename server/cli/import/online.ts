import { readCount, readPublishedDate, readTable } from './tables.ts';
import type { Tally } from './tally.ts';

/** Online consultations by `<practice> <month>`. A practice without a supplier's data has none, which is not zero. */
export function readOnline(text: string, file: string, tally: Tally): Map<string, number> {
  const online = new Map<string, number>();
  for (const row of readTable(text, ['Month', 'GP Code', 'Submissions', 'Supplier'], file, tally)) {
    const code = row['GP Code'] ?? '';
    const month = readPublishedDate(row['Month'] ?? '')?.slice(0, 7);
    const submissions = readCount(row['Submissions']);
    if (month === undefined) tally.rejected('no month', code);
    else if (/^no data$/i.test(row['Supplier'] ?? ''))
      tally.rejected('its supplier sent no data (not the same as none)', code);
    else if (submissions === null) tally.rejected('no number of submissions', code);
    else {
      tally.taken();
      online.set(`${code} ${month}`, submissions);
    }
  }
  return online;
}
