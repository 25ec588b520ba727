import type { IncomingMessage } from 'node:http';
import type { UnitDef } from '#shared/model/definition.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { appointmentsOfHolds, slotsById, transactionResponse } from '../wire/hold-bundle.ts';
import type { EntryFault } from '../wire/operation-outcome.ts';
import { slotIds } from '../wire/slot-ids.ts';
import { judge } from '../world/hold-rules.ts';
import type { OutsideChange } from '../world/outside.ts';
import { changesAt } from '../world/slot-book.ts';
import { barsHeaderFault } from './bars-request.ts';
import { fhirError, FHIR_TYPE, type Answer } from './exchange.ts';
import { askedChanges, entriesError } from './hold-request.ts';
import { refuseFhir, type Asked, type FeedRoute } from './route.ts';

const found = (body: () => string): Answer => ({ status: 200, type: FHIR_TYPE, body });

/**
 * What a hub's booking system lets trusted callers do besides searching: hold and free slots, look at slots by their
 * ids, see what was booked out of holds. `resource`: what follows the base address, empty for the base itself. Null
 * where this is something else.
 */
export function holdRoute(
  simulation: Simulation,
  request: IncomingMessage,
  { method, url, body }: Asked,
  supplier: string,
  code: string,
  resource: string,
): FeedRoute | null {
  const site = simulation.directory.site(supplier, 'bars-slots', code) ?? null;
  const isHub = site?.siteKind === 'hub';
  const named = (name: string) =>
    new Set(url.searchParams.getAll(name).flatMap((value) => value.split(',').map((id) => id.replace(/^Slot\//, ''))));
  const answerOf = (): ((hub: UnitDef, moment: Moment) => Answer) | null => {
    const isPost = method === 'POST';
    if (isPost && resource === '') return (hub, moment) => write(simulation, hub, moment, body);
    if (isPost || !isHub) return null;
    if (resource === 'Slot' && url.searchParams.has('_id')) {
      return (hub, { world, day, wall }) => found(() => slotsById(hub, day, world.slots(hub, day), wall, named('_id')));
    }
    if (resource !== 'Appointment' || !url.searchParams.has('slot')) return null;
    return (hub, { world, day, wall }) =>
      found(() =>
        appointmentsOfHolds(hub, day, world.slots(hub, day), world.appointments(hub, day), wall, named('slot')),
      );
  };
  const answer = answerOf();
  if (!answer || simulation.directory.sites(supplier, 'bars-slots').length === 0) return null;
  const common = { supplier, adapter: 'bars-slots', site, needs: [], needsTotals: [], refuse: refuseFhir } as const;
  if (!site) return { ...common, answer: () => fhirError('PROXY_NOT_FOUND', 'there is no such endpoint') };
  if (!isHub) return { ...common, answer: () => fhirError('SEND_METHOD_NOT_ALLOWED', 'no slot is held here') };
  return {
    ...common,
    ...(method === 'POST' ? { writes: true } : {}),
    answer: (moment) => barsHeaderFault(request.headers, site) ?? answer(site, moment),
  };
}

/** All of it or nothing: what stands in the way is named entry by entry. */
function write(simulation: Simulation, hub: UnitDef, moment: Moment, body: string): Answer {
  const asked = askedChanges(body, moment.at);
  if ('status' in asked) return asked;
  const { world, day, wall } = moment;
  const book = world.slots(hub, day);
  const ids = new Map(slotIds(hub, day, book.slots.length).map((id, index) => [id, index]));
  const changes = asked.flatMap(({ id, change }): OutsideChange[] => {
    const slot = ids.get(id);
    return slot === undefined ? [] : [{ ...change, slot }];
  });
  if (changes.length < asked.length) {
    const unknown = asked.flatMap(({ id }, entry) =>
      ids.has(id) ? [] : { entry, diagnostics: `no slot ${id} today` },
    );
    return entriesError('REC_NOT_FOUND', unknown, 404);
  }
  const faultOf = judge(book, wall);
  const faults = changes.flatMap((change, entry): EntryFault[] => {
    const diagnostics = faultOf(change, asked[entry]?.version ?? 0);
    return diagnostics === null ? [] : [{ entry, diagnostics }];
  });
  if (faults.length > 0) return entriesError('REC_PRECONDITION_FAILED', faults, 412);
  simulation.change(moment, hub, changes);
  const after = changesAt(world.slots(hub, day), wall);
  const versions = changes.map(({ slot }) => (after[slot] ?? 0) + 1);
  return found(() => transactionResponse(versions, moment.at));
}
