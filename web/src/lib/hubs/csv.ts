import { instantOf } from '../format/time.ts';
import { localInput } from '../format/local-input.ts';
import { csvFile } from '$shared/model/csv';
import type { EpochMs } from '$shared/model/time';
import type { Hub, Hubs } from '$shared/protocol/hubs';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayKind } from './slot-words.ts';
import { standingOf } from './timetable.ts';

const HEAD = [
  'Hub',
  'Code',
  'Start (UTC)',
  'Start (London)',
  'Minutes',
  'Kind',
  'Free',
  'Booked',
  'Held',
  'Missing',
  'Simulated',
];

type Row = readonly (string | number)[];

function rowsOf(hub: Hub, simulated: boolean): Row[] {
  const said = simulated ? 'yes' : 'no';
  const row = (start: EpochMs, minutes: number, kind: string, counts: readonly (number | null)[]): Row => [
    ...[hub.name, hub.id, instantOf(start), localInput(start).replace('T', ' '), minutes, kind],
    ...counts.map((count) => count ?? ''),
    counts.includes(null) ? 'the feed tells free slots only' : '',
    said,
  ];
  if (hub.slots) {
    return hub.slots.map((slot) => row(slot.start, slot.minutes, sayKind(slot), [slot.free, slot.booked, slot.held]));
  }
  if (standingOf(hub) === 'known') {
    return hub.hours.map(({ from, free, booked, held }) => row(from, 60, 'all of the hour', [free, booked, held]));
  }
  const { absence, detail } = hub.metrics['slots.free'] ?? {};
  return [[hub.name, hub.id, '', '', '', '', '', '', '', sayAbsenceFully(absence ?? 'not-onboarded', detail), said]];
}

/** The timetable as a file: a line for each kind of slot at each start; of a hub that says nothing, why. */
export function timetableCsv({ hubs, simulated }: Hubs): string {
  return csvFile([HEAD, ...hubs.flatMap((hub) => rowsOf(hub, simulated))]);
}
