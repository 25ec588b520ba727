import type { Rules } from '#shared/model/rules.ts';
import type { Commit } from '../domain/ports.ts';
import { checkRules } from '../domain/rules/check.ts';

/**
 * The rules that were in force at the end of a journal, whatever else of it can be used; null where it does not say, or
 * names rules that this product could not judge by.
 */
export function recoveredRules(recovered: { state: unknown; commits: Iterable<Commit> }): Rules | null {
  const { state } = recovered;
  let last: unknown = typeof state === 'object' && state !== null && 'rules' in state ? state.rules : null;
  for (const { rules } of recovered.commits) if (rules) last = rules;
  if (last === null) return null;
  const { rules, faults } = checkRules(last);
  return faults.length === 0 ? rules : null;
}
