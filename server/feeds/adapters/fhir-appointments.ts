import { dayEnd, dayStart, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { Asking, MakeAdapter } from './adapter.ts';
import { createOutcomes, fhirRedaction, readSearchset, resourceOf } from './fhir.ts';
import { dayReadings, takeAppointment, type Day, type Kept } from './fhir-appointment-day.ts';
import { searchAddress, utcQuery } from './fhir-query.ts';
import { ANOTHER_ANSWER, answersAnother, earlier } from './fhir-slot-search.ts';
import { createSlotTyping } from './slot-types.ts';
import { createRefusals, payloadTime } from './values.ts';

/** Nothing is included, so nothing comes beside appointments. */
const NONE: ReadonlySet<string> = new Set();
const WHOLE_EVERY = HOUR;
/** Read again from this long before the last read: what the other side wrote while it answered must not fall between. */
const OVERLAP = 5 * MINUTE;

/** Today's appointments by opaque id: in memory only, dropped at midnight. */
export interface AppointmentMemory {
  readonly day: EpochMs;
  readonly wholeAt: EpochMs;
  readonly readAt: EpochMs;
  /** The last read's time by the clock that wrote it: `_lastUpdated` is compared with that clock. */
  readonly theirsAt: EpochMs;
  readonly appointments: Day;
  /** While pages come: the earliest time any of them says of itself. */
  readonly observedAt: EpochMs | null;
}

const NOTHING: AppointmentMemory = {
  day: -1,
  wholeAt: 0,
  readAt: 0,
  theirsAt: 0,
  appointments: new Map(),
  observedAt: null,
};

/** Whether the next poll reads the whole day: on start, on a new day, hourly, and when the clock went back. */
const readsWhole = (memory: AppointmentMemory, now: EpochMs): boolean =>
  memory.day !== dayStart(now) || now - memory.wholeAt >= WHOLE_EVERY || now < memory.readAt;

/** Appointments of the London day by FHIR R4, paged by `link[next]`, between whole reads by `_lastUpdated`. */
export const fhirAppointments: MakeAdapter<AppointmentMemory> = (_, { slotTypes }) => {
  const typing = createSlotTyping(slotTypes);
  return {
    name: 'fhir-appointments',
    redaction: fhirRedaction(typing.known),
    timeKeys: ['timestamp', 'lastUpdated'],
    summed: true,
    heavy: true,
    memory: () => NOTHING,
    request: (asking, memory) => ({
      url: appointmentSearch(asking, memory),
      headers: { accept: 'application/fhir+json' },
    }),
    read(payload, { instance, askedAt, now, page }, memory) {
      const bundle = readSearchset(payload, page);
      if (!bundle.ok) return bundle;
      const refusals = createRefusals();
      const stated = payloadTime(bundle.timestamp, now, '/timestamp', refusals);
      const observedAt = page === 0 ? stated : earlier(memory.observedAt, stated);
      const whole = page === 0 && readsWhole(memory, askedAt);
      const day = { from: dayStart(askedAt), to: dayEnd(askedAt), typing, refusals };
      const appointments = new Map(whole ? [] : memory.appointments);
      const taken = takeEntries(bundle.entries, appointments, day);
      if ('state' in taken) return taken;
      if (page === 0 && bundle.next === null && taken.volume === 0 && answersAnother(bundle.entries, NONE))
        return ANOTHER_ANSWER;
      const site = instance.sites[0];
      return {
        ok: true,
        observedAt,
        readings: bundle.next === null && site ? dayReadings(site.id, appointments, site.siteKind === 'practice') : [],
        slots: [],
        rejected: refusals.list,
        rejectedCount: refusals.count,
        next: bundle.next,
        ...taken,
        memory: {
          day: day.from,
          wholeAt: whole ? askedAt : memory.wholeAt,
          readAt: askedAt,
          theirsAt: Math.max(askedAt - WHOLE_EVERY, Math.min(askedAt, observedAt ?? askedAt)),
          appointments,
          observedAt: bundle.next === null ? null : observedAt,
        },
      };
    },
  };
};

/** Pages shift while they are read, so an appointment may come on two of them: the later one is newer. Not on one. */
function takeEntries(
  entries: readonly unknown[],
  day: Map<string, Kept>,
  reading: Parameters<typeof takeAppointment>[3],
) {
  const { refusals } = reading;
  const outcomes = createOutcomes(refusals);
  const seen = new Set<unknown>();
  let [volume, duplicates] = [0, 0];
  for (const [index, entry] of entries.entries()) {
    const place = `/entry/${index}/resource`;
    const resource = resourceOf(entry);
    const type = resource?.['resourceType'];
    if (type === 'OperationOutcome' && resource) outcomes.add(resource, place);
    if (resource && type !== 'Appointment') continue;
    volume++;
    if (!resource) {
      refusals.add(place, 'must be an object');
      continue;
    }
    const { id } = resource;
    if (typeof id === 'string' && seen.has(id)) {
      duplicates++;
      refusals.add(place, 'comes twice; the first one was taken');
      continue;
    }
    if (typeof id === 'string') seen.add(id);
    takeAppointment(day, resource, place, reading);
  }
  if (volume === 0 && outcomes.failed) return outcomes.failed;
  return { volume, duplicates };
}

/**
 * The whole day by its two bounds. Changes without the upper one: an appointment that was moved to another day would
 * otherwise not come at all, and stay counted. The lower one remains, so that a server which does not know
 * `_lastUpdated` does not send its whole past; moves to an earlier day are seen by the next whole read.
 */
function appointmentSearch({ instance, now }: Asking, memory: AppointmentMemory): string {
  const from = `date=ge${utcQuery(dayStart(now))}`;
  return searchAddress(
    instance,
    'Appointment',
    readsWhole(memory, now)
      ? [from, `date=lt${utcQuery(dayEnd(now))}`]
      : [from, `_lastUpdated=ge${utcQuery(memory.theirsAt - OVERLAP)}`],
  );
}
