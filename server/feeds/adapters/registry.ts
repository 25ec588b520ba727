import type { AdapterName } from '#shared/model/definition.ts';
import type { Adapter } from './adapter.ts';
import { barsSlots } from './bars-slots.ts';
import { fhirAppointments } from './fhir-appointments.ts';
import { iucQueues } from './iuc-queues.ts';
import { telephonyQueues } from './telephony-queues.ts';

/** The standards that are spoken. What an adapter remembers is its own business, hence `unknown`. */
const ADAPTER_OF: Readonly<Record<AdapterName, Adapter<unknown>>> = {
  'bars-slots': erased(barsSlots),
  'fhir-appointments': erased(fhirAppointments),
  'telephony-queues': erased(telephonyQueues),
  'iuc-queues': erased(iucQueues),
};

export const adapterOf = (name: AdapterName): Adapter<unknown> => ADAPTER_OF[name];

/** Sound because the poller only ever hands an adapter's own memory back to it. */
function erased<Memory>(adapter: Adapter<Memory>): Adapter<unknown> {
  return adapter as Adapter<unknown>;
}
