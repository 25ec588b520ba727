import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AdapterName } from '#shared/model/definition.ts';
import type { Adapter, Read, ReadContext, Unreadable } from '../../server/feeds/adapters/adapter.ts';
import type { FeedWorld } from './feed-worlds.ts';
import { faultOfRead, tellsOfSomebody } from './reading-judge.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** Bytes in use once everything that can go has gone. */
export const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

export const contextOf = ({ feed, sites }: FeedWorld, now: number): ReadContext => ({
  instance: { id: feed.id, feed, sites },
  askedAt: now,
  now,
  page: 0,
});

type Result = Read<unknown> | Unreadable;
export interface Seen {
  readonly told: string;
  readonly payload: unknown;
  readonly numbers: readonly number[];
  readonly canary: boolean;
  /** Earlier answers may have told what this one does not. */
  readonly chained?: boolean;
}

/** Standards that are asked for changes: what was told before still counts. */
const CHANGES: ReadonlySet<string> = new Set<AdapterName>(['fhir-appointments']);

/** Judges one read; the memory for the next, or null to begin anew. */
export function judge(
  world: FeedWorld,
  adapter: Adapter<unknown>,
  result: Result,
  context: ReadContext,
  seen: Seen,
): unknown {
  const anything = seen.chained === true && CHANGES.has(adapter.name);
  const supports = anything ? () => true : world.supports(seen.payload, seen.numbers);
  const fault = faultOfRead(result, context, supports);
  const leak = seen.canary && tellsOfSomebody(adapter.name, result) ? 'somebody got through' : null;
  if (fault !== null || leak !== null) throw new Error(`${fault ?? leak} after ${seen.told}`);
  return result.ok && result.next === null ? result.memory : null;
}
