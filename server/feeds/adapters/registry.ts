import type { AdapterName, FeedDef } from '#shared/model/definition.ts';
import type { Adapter, AdapterTools, MakeAdapter } from './adapter.ts';
import { barsSlots } from './bars-slots.ts';
import { declaredStates } from './declared-states.ts';
import { fhirAppointments } from './fhir-appointments.ts';
import { gpConnectSlots } from './gp-connect-slots.ts';
import { iucQueues } from './iuc-queues.ts';
import { mappedCsv } from './mapped-csv.ts';
import { mappedJson } from './mapped-json.ts';
import { onlineConsultations } from './online-consultations.ts';
import { telephonyQueues } from './telephony-queues.ts';

type Make = MakeAdapter<unknown, Adapter<unknown>>;

/** The standards that are spoken. What an adapter remembers is its own business, hence `unknown`. */
const MAKE: Readonly<Record<AdapterName, Make>> = {
  'bars-slots': erased(barsSlots),
  'gp-connect-slots': erased(gpConnectSlots),
  'fhir-appointments': erased(fhirAppointments),
  'telephony-queues': erased(telephonyQueues),
  'iuc-queues': erased(iucQueues),
  'online-consultations': erased(onlineConsultations),
  'declared-states': erased(declaredStates),
  'mapped-json': erased(mappedJson),
  'mapped-csv': erased(mappedCsv),
};

/** The adapter of one feed; its instances share it. */
export const adapterOf = (feed: FeedDef, tools: AdapterTools): Adapter<unknown> => MAKE[feed.adapter](feed, tools);

/** Sound because the poller only ever hands an adapter's own memory back to it. */
function erased<Memory>(make: MakeAdapter<Memory, Adapter<Memory>>): Make {
  return make as unknown as Make;
}
