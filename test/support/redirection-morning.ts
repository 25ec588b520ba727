import type { Redirection } from '#shared/protocol/redirections.ts';
import { redirectionHouse, type HouseOptions } from './redirection-house.ts';
import { until } from './until.ts';

export const MORNING = '2026-01-12T10:55:00Z';
export const RAN_OUT = '2026-01-12T11:05:00Z';

/** A Monday morning on which practices have run out, with real simulated hubs that can be held at, and what is proposed at `at`. */
export async function redirectionMorning({ at = RAN_OUT, ...options }: HouseOptions & { readonly at?: string } = {}) {
  const house = await redirectionHouse(MORNING, options);
  const part = house.begin();
  const { desk, planner } = part;
  await house.to(at);
  // On a busy machine a hub may not have answered in time: it is asked again, as it would be.
  await until('something is proposed', async () => {
    await planner.run();
    if (desk.list(null).redirections.length > 0) return true;
    await house.poll();
    return false;
  });
  const first = (): Redirection => {
    const [best] = desk.list(null).redirections;
    if (!best) throw new Error('nothing is proposed');
    return best;
  };
  return { house, part, ...part, first };
}
