import { randomUUID } from 'node:crypto';
import type { Redirection } from '#shared/protocol/redirections.ts';
import type { HeldState } from '../../server/domain/redirection/record.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { acts } from '../../server/simulator/world/redirected.ts';
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
  /** Two slots of the afternoon at a practice that rings nobody: they stay as they are held, and nobody books them. */
  const idle = async (): Promise<Redirection> => {
    const asked = { hub: first().hub, from: '2026-01-12T15:00:00Z', to: '2026-01-12T20:00:00Z' };
    const able = desk.preview({ ...asked, shares: [] }).practices.filter(({ most }) => most >= 2);
    const practice = able.map((each) => each.practice).find((id) => !acts({ id }, house.seed));
    if (practice === undefined) throw new Error('there is no practice that rings nobody');
    return desk.offer({ key: randomUUID(), ...asked, shares: [{ practice, slots: 2 }] }, LOCAL_OPERATOR);
  };
  /** What the hub itself says of the slots that are held for it. */
  const atHub = async ({ id, hub }: Pick<Redirection, 'id' | 'hub'>): Promise<HeldState[]> => {
    const slots = [...(part.records().get(id)?.held.values() ?? [])].map(({ slot }) => slot);
    const answer = await house.poller.writer.look(hub, id, slots);
    if (answer.kind === 'unreachable') throw new Error(answer.reason);
    return [...answer.states.values()];
  };
  return { house, part, ...part, first, idle, atHub };
}
