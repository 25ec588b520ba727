import type { PublishedMonth } from '#shared/model/definition.ts';
import { readCount, readPublishedDate, readTable, type Row } from './tables.ts';
import type { Tallies, Tally } from './tally.ts';

interface SourceText {
  readonly file: string;
  readonly text: string;
}
export interface TelephonyTexts {
  /** Table 3: calls by outcome. */
  readonly outcomes: SourceText;
  /** Table 4: waits of answered calls. */
  readonly answered: SourceText;
  /** Table 5: waits of missed calls. */
  readonly missed: SourceText;
}

const PRACTICE = 'GP Practice (ODS_CODE)';
const WAITS = ['Less than 1 minute', '1 - 2 minutes', '2 - 5 minutes', 'Longer than 5 minutes'];

/** Each practice's own published telephone months. A month needs all three tables; online is filled in elsewhere. */
export function readTelephony(texts: TelephonyTexts, tallies: Tallies): PublishedMonth[] {
  const answered = readWaits(texts.answered, tallies.of(texts.answered.file));
  const missed = readWaits(texts.missed, tallies.of(texts.missed.file));
  const tally = tallies.of(texts.outcomes.file);
  const seen = new Set<string>();
  return readTable(texts.outcomes.text, ['Month', PRACTICE, 'Answered Total'], texts.outcomes.file, tally).flatMap(
    (row) => {
      const key = keyOf(row);
      if (key === null) return refuse(tally, 'no month or no practice (national totals)', row[PRACTICE] ?? '');
      const [site = '', month = ''] = key.split(' ');
      const counts = outcomesOf(row);
      const answeredWait = answered.get(key);
      const missedWait = missed.get(key);
      if (seen.has(key)) return refuse(tally, 'a second row of the same practice and month', key);
      if (!counts) return refuse(tally, 'a count is blank or a dash', key);
      if (counts.inbound === 0) return refuse(tally, 'no calls at all', key);
      if (!answeredWait || !missedWait) return refuse(tally, 'no waits in the other two tables', key);
      seen.add(key);
      tally.taken();
      return [{ site, month, basis: 'own' as const, ...counts, answeredWait, missedWait, online: null }];
    },
  );
}

function refuse(tally: Tally, reason: string, example: string): never[] {
  tally.rejected(reason, example);
  return [];
}

/** `<practice> <month>`, null for the national rows that stand among the practices. */
function keyOf(row: Row): string | null {
  const code = row[PRACTICE] ?? '';
  const month = readPublishedDate(row['Month'] ?? '')?.slice(0, 7);
  return /^[A-Z]\d{5}$/.test(code) && month ? `${code} ${month}` : null;
}

type Counts = Pick<
  PublishedMonth,
  'inbound' | 'answered' | 'endedInIvr' | 'callbackRequested' | 'callbackMade' | 'missed'
>;

function outcomesOf(row: Row): Counts | null {
  const counts = {
    inbound: readCount(row['Count of Inbound calls Total']),
    answered: readCount(row['Answered Total']),
    endedInIvr: readCount(row['Ended during the IVR Stage Total']),
    callbackRequested: readCount(row['Call back requested Total']),
    callbackMade: readCount(row['Call back made Total']),
    missed: readCount(row['Missed Total']),
  };
  return Object.values(counts).includes(null) ? null : (counts as Counts);
}

function readWaits({ file, text }: SourceText, tally: Tally): Map<string, PublishedMonth['answeredWait']> {
  const waits = new Map<string, PublishedMonth['answeredWait']>();
  for (const row of readTable(text, ['Month', PRACTICE, `Wait: ${WAITS[0] ?? ''} Count`], file, tally)) {
    const key = keyOf(row);
    const [one = null, two = null, three = null, four = null] = WAITS.map((band) =>
      readCount(row[`Wait: ${band} Count`]),
    );
    if (key === null) tally.rejected('no month or no practice (national totals)', row[PRACTICE] ?? '');
    else if (one === null || two === null || three === null || four === null) {
      tally.rejected('a count is blank or a dash', key);
    } else {
      tally.taken();
      waits.set(key, [one, two, three, four]);
    }
  }
  return waits;
}
