import type { Hubs } from '$shared/protocol/hubs';
import { instantOf } from '../format/time.ts';
import { get, type Answer } from './get.ts';
import { holdsLists } from './shape.ts';

export interface HubsAsk {
  /** Unit whose hubs and practices are asked for; null: all hubs of the system, by the hour only. */
  readonly place: string | null;
  /** Epoch ms of a replay; null: now. */
  readonly asOf: number | null;
}

export function getHubs({ place, asOf }: HubsAsk, signal?: AbortSignal): Promise<Answer<Hubs>> {
  const query = new URLSearchParams(place === null ? { view: 'hours' } : { place });
  if (asOf !== null) query.set('at', instantOf(asOf));
  return get(`/api/hubs?${query}`, holdsLists<Hubs>('hubs'), signal);
}
