import { csvFile } from '#shared/model/csv.ts';
import { REFUSAL_CODES, REFUSALS } from '#shared/model/refusals.ts';
import { fromInstant, localDate } from '#shared/model/time.ts';
import type { Scorecard, ScoreLine } from '#shared/protocol/scorecard.ts';

type Cell = string | number | null;

/** Name of each column with what stands in it; null is not known, and stays empty. */
const COLUMNS: readonly (readonly [string, (line: ScoreLine) => Cell])[] = [
  ['Unit', ({ name }) => name],
  ['Code', ({ unit }) => unit],
  ['Kind', ({ kind }) => kind],
  ['Under', ({ parent }) => parent ?? ''],
  ['Patients', ({ population }) => population],
  ['Redirections answered or lapsed', ({ redirections }) => redirections],
  ['Slots offered', ({ offered }) => offered],
  ['Accepted', ({ accepted }) => accepted],
  ['Held', ({ held }) => held],
  ['Booked', ({ booked }) => booked],
  ['Held, booking not told', ({ notTold }) => notTold],
  ['Attended', ({ attended }) => attended],
  ['Attendance told of', ({ attendedOf }) => attendedOf],
  ['Went back unbooked', ({ returned }) => returned],
  ['Lapsed unanswered', ({ lapsed }) => lapsed],
  ...REFUSAL_CODES.map(
    (code) => [`Refused: ${REFUSALS[code]}`, ({ refused }: ScoreLine) => refused[code] ?? 0] as const,
  ),
  ['Minutes booked for its patients', ({ minutes }) => minutes],
  ['Minutes booked per 1,000 patients', ({ minutesPer1000 }) => minutesPer1000],
  ['Own hubs', ({ hubs }) => hubs?.count ?? 0],
  ["Minutes rescued of own hubs' slots", ({ hubs }) => hubs?.minutes ?? null],
  ['Minutes rescued per 1,000 patients', ({ hubs }) => hubs?.minutesPer1000 ?? null],
  ['Mean distance in person (km)', ({ km }) => km],
  ['Share by telephone or video', ({ remoteShare }) => remoteShare],
  ['Median minutes to decide', ({ minutesToDecide }) => minutesToDecide],
  ['Urgent need shown', ({ fairness }) => fairness.need],
  ['Part of it met', ({ fairness }) => fairness.met],
  ['Part met, most deprived fifth', ({ fairness }) => fairness.mostDeprived],
  ['Part met, least deprived fifth', ({ fairness }) => fairness.leastDeprived],
  ['Unevenness between practices', ({ fairness }) => fairness.unevenness],
  ['Mean pressure score afterwards', ({ pressure }) => pressure?.with ?? null],
  ['Without it (estimated)', ({ pressure }) => pressure?.without ?? null],
];

/** A scorecard as a file: a line a unit, dates of London, empty cells where something is not known. */
export function scorecardCsv({ week, from, to, hours, agreed, current, simulated, lines }: Scorecard): string {
  const about: readonly (readonly [string, Cell])[] = [
    ['Week', week],
    ['From (London)', localDate(fromInstant(from))],
    ['To (London)', localDate(fromInstant(to) - 1)],
    ['Hours', hours],
    ['Over', current ? 'no' : 'yes'],
    ['Simulated', simulated ? 'yes' : 'no'],
    ['Minutes agreed per 1,000', agreed],
  ];
  const head = [...about, ...COLUMNS].map(([name]) => name);
  const rows = lines.map((line) =>
    [...about.map(([, cell]) => cell), ...COLUMNS.map(([, cell]) => cell(line))].map((cell) => cell ?? ''),
  );
  return csvFile([head, ...rows]);
}
