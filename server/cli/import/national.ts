import type { National } from '#shared/model/definition.ts';
import { ImportFault } from './import-fault.ts';
import { arrivals, callBands, callLengths, callOutcomes, urgentCalls } from './national-tables.ts';
import { readSource } from './tables.ts';
import type { Tallies } from './tally.ts';
import { ATTRIBUTION } from './definition.ts';

/** Published tables the national shapes are read from, below the folder given with --from. */
export const NATIONAL_FILES = {
  bands: 'telephony/cbt_table2_national_daily_2h_bands_2025-10_2026-01.csv',
  outcomes: 'telephony/outcomes_by_day_band_2026-08.csv',
  lengths: 'telephony/call_duration_shares.csv',
  urgent: 'urgent-care/nhs111_daily.csv',
  arrivals: 'urgent-care/ecds_time_of_day_distribution_2024-25.csv',
} as const;

const SOURCE =
  'Cloud based telephony (calls by day and band, October 2025 to January 2026; outcomes by weekday and band, August 2026; ' +
  'lengths of calls, October 2025 to August 2026), NHS 111 calls by day (24 November 2025 to 15 February 2026) and A&E ' +
  'arrivals by weekday and hour (2024-25), all NHS England.';

/** Makes national.json, and a page that says where its figures come from. */
export async function makeNational(from: string, tallies: Tallies): Promise<Record<string, string>> {
  const open = async <T>(file: string, read: (text: string, file: string, tally: ReturnType<Tallies['of']>) => T) =>
    read(await readSource(from, file), file, tallies.of(file));
  const national: National = {
    days: await open(NATIONAL_FILES.bands, callBands),
    outcomes: await open(NATIONAL_FILES.outcomes, callOutcomes),
    callDuration: await open(NATIONAL_FILES.lengths, callLengths),
    nhs111: await open(NATIONAL_FILES.urgent, urgentCalls),
    urgentByHour: await open(NATIONAL_FILES.arrivals, arrivals),
    source: SOURCE,
  };
  if (national.days.length === 0) throw new ImportFault(`${NATIONAL_FILES.bands} holds no day`);
  return { 'national.json': `${jsonLines(national)}\n`, 'PROVENANCE.md': provenance() };
}

/** JSON with one array element a line, so that a change of one day shows as one line. */
function jsonLines(national: National): string {
  const fields = Object.entries(national).map(([key, value]) => {
    const nested = Array.isArray(value) && typeof value[0] === 'object';
    const text = nested ? `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]` : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}`;
}

function provenance(): string {
  return [
    '# Where these figures come from',
    '',
    '`national.json` is made by `headroom import national` from published tables:',
    '',
    `- \`days\`: calls to practices in England, each day in nine time bands. \`${NATIONAL_FILES.bands}\``,
    `- \`outcomes\`: shares of calls by outcome, ordinary weekdays (not bank holidays). \`${NATIONAL_FILES.outcomes}\`. A share that is not published is what the others leave.`,
    `- \`callDuration\`: answered calls by length, all months weighted by calls. \`${NATIONAL_FILES.lengths}\``,
    `- \`nhs111\`: mean calls a day by weekday, contract by contract, bank holidays and days without calls left out; its "abandoned" column is wrong and not read. \`${NATIONAL_FILES.urgent}\``,
    `- \`urgentByHour\`: A&E arrivals by weekday and hour, as shares of the week. \`${NATIONAL_FILES.arrivals}\``,
    '',
    ...ATTRIBUTION,
    '',
  ].join('\n');
}
