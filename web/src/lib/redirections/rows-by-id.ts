import type { Redirection } from '$shared/protocol/redirections';
import type { EpochMs } from '$shared/model/time';
import { inOrder, isListed, phaseOf } from './phases.ts';

/**
 * What the list has to show, in its order. `seen`: what somebody is looking at; a proposal of it that is gone stays as
 * one that was replaced, last. Null: nobody looks.
 */
export function rowsById(
  redirections: readonly Redirection[],
  seen: ReadonlyMap<string, Redirection> | null,
  now: EpochMs,
): ReadonlyMap<string, Redirection> {
  const known = new Map(redirections.map((each) => [each.id, each]));
  const gone = [...(seen?.values() ?? [])].flatMap((each): Redirection[] => {
    const found = known.get(each.id);
    if (found && isListed(found, now)) return [];
    if (phaseOf(each) !== 'open' && phaseOf(each) !== 'replaced') return [];
    return [{ ...(found ?? each), state: 'withdrawn' }];
  });
  const listed = inOrder(redirections.filter((each) => isListed(each, now)));
  return new Map([...listed, ...gone].map((each) => [each.id, each]));
}
