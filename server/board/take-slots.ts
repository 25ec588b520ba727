import { METRIC_NAMES } from '#shared/model/metrics.ts';
import type { Applied, PollOutcome } from '../domain/ports.ts';
import { sameSlots, SLOT_COUNTS, slotFacts } from '../domain/slots.ts';
import { METRIC_INDEX } from './layout.ts';
import { placeOf, settleSource } from './sources.ts';
import { putCell, type Took, type Taking } from './take-reading.ts';

const COUNTS = Object.entries(SLOT_COUNTS).map(([name, pick]) => ({
  i: METRIC_INDEX[name as keyof typeof SLOT_COUNTS],
  pick,
}));

/** Takes in one site's slots, as counts of what its feed's standard can tell: some know nothing of what is booked. */
export function takeSlots(taking: Taking, slot: PollOutcome['slots'][number]): Took | null {
  const { world, instance, observedAt, receivedAt, seenAt } = taking;
  const index = world.layout.indexOf.get(slot.site);
  const site = index === undefined ? undefined : world.layout.sites[index];
  const state = index === undefined ? undefined : world.sites[index];
  if (!site || !state) return null;
  const before = state.slots.get(instance.index);
  const start = world.days.start(observedAt);
  const sameDay = before !== undefined && world.days.start(before.observedAt) === start;
  if (before && sameDay && sameSlots(before.groups, slot.groups)) return null;
  state.slots.set(instance.index, { groups: slot.groups, observedAt });
  const facts = slotFacts(slot.groups, observedAt, start, world.days.end(observedAt));
  const applied: Applied[] = [];
  for (const { i, pick } of COUNTS) {
    const place = placeOf(site, i, instance.index);
    const metric = METRIC_NAMES[i];
    if (place < 0 || !metric) continue;
    const value = pick(facts);
    if (!putCell(state, place, { site: slot.site, metric, value }, observedAt, seenAt)) continue;
    if (site.contested.has(i)) {
      const said = settleSource(world, site, state, i, receivedAt, place);
      if (said) applied.push(said);
    } else {
      const rest = { absence: null, detail: null, observedAt, receivedAt, feed: instance.id };
      applied.push({ unit: slot.site, metric, value, ...rest });
    }
  }
  return { site: site.index, applied, now: true };
}
