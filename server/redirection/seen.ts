import type { MetricName } from '#shared/model/metrics.ts';
import type { Unit } from '#shared/model/unit.ts';
import type { Effect } from '#shared/protocol/redirections.ts';
import type { BoardView } from '../domain/ports.ts';
import type { Draft } from '../domain/redirection/drafts.ts';
import { effectOf, groupAfter, siteAfter } from '../domain/redirection/effects.ts';
import type { Counts } from '../domain/redirection/needs.ts';
import type { Seen } from '../domain/redirection/record.ts';

/** What a lead is shown with an offer: who waits, and what it would do to either side, by the rules in force. */
export function seenOf(board: BoardView, draft: Draft, unmet: ReadonlyMap<string, Counts | null>): Seen {
  const { rules } = board.definition;
  const practices = [...new Set(draft.slots.map(({ practice }) => practice))];
  const after = new Map<string, ReturnType<typeof siteAfter>>();
  const effects: Effect[] = [];
  for (const id of practices) {
    const unit = board.unit(id);
    if (!unit) continue;
    const then = siteAfter(unit, urgentPlaced(unit, urgentOf(draft, id)), rules);
    after.set(id, then);
    effects.push(effectOf(unit, then));
  }
  const group = board.unit(draft.unit);
  const hub = board.unit(draft.hub);
  const taken = hub ? takenBy(hub, draft) : null;
  return {
    waiting: Object.fromEntries(practices.map((id) => [id, unmet.get(id) ?? {}])),
    effects: {
      unit: group ? effectOf(group, groupAfter(group, beneath(board, draft.unit), after, rules)) : nobody(draft.unit),
      hub: hub ? effectOf(hub, hubAfter(hub, taken, rules)) : nobody(draft.hub),
      practices: effects,
    },
    taken,
  };
}

export function beneath(board: BoardView, unit: string): Unit[] {
  const scope = board.scope(unit);
  return board.units().filter(({ id, siteKind }) => siteKind === 'practice' && scope?.has(id) === true);
}

/** Urgent patients who are placed no longer wait without a slot; nothing else is taken to change. */
export function urgentPlaced(unit: Unit, placed: number): Map<MetricName, number> {
  const waiting = unit.metrics['patients.without-slot']?.value ?? null;
  return waiting === null ? new Map() : new Map([['patients.without-slot', Math.max(0, waiting - placed)]]);
}

const urgentOf = ({ slots }: Draft, id: string): number =>
  slots.reduce((sum, { practice, need, count }) => (practice === id && need === 'urgent' ? sum + count : sum), 0);

function takenBy(hub: Unit, draft: Draft): Seen['taken'] {
  const offered = hub.slotHours.reduce((sum, { free, booked, held }) => sum + free + booked + held, 0);
  if (offered === 0) return null;
  const free = hub.slotHours.reduce((sum, hour) => sum + hour.free, 0);
  const more = draft.slots.reduce((sum, { count }) => sum + count, 0);
  const share = (left: number) => Math.round((1 - Math.max(0, left) / offered) * 1000) / 1000;
  return { before: share(free), after: share(free - more) };
}

function hubAfter(hub: Unit, taken: Seen['taken'], rules: BoardView['definition']['rules']) {
  const used = hub.metrics['access.used-share']?.value ?? null;
  if (taken === null || used === null) return { level: hub.level, score: hub.score };
  const then = Math.min(1, used + (taken.after - taken.before));
  return siteAfter(hub, new Map<MetricName, number>([['access.used-share', then]]), rules);
}

const nobody = (unit: string): Effect => ({
  ...{ unit, name: unit },
  before: { level: null, score: null },
  after: { level: null, score: null },
});
