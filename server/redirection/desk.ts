import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { dayStart, MINUTE, toInstant } from '#shared/model/time.ts';
import type { Accept, OwnOffer, Redirection, Redirections } from '#shared/protocol/redirections.ts';
import type { Actor, BoardView, Clock } from '../domain/ports.ts';
import { slotsIn, withShares, type Draft } from '../domain/redirection/drafts.ts';
import type { Ground } from '../domain/redirection/ground.ts';
import { slotKey, type Offerable } from '../domain/redirection/lots.ts';
import type { Decision, RedirectionDesk, SlotWriter } from '../domain/redirection/ports.ts';
import { RedirectionProblem } from '../domain/redirection/problem-codes.ts';
import { isOpen, type RedirectionEvent, type RedirectionRecord } from '../domain/redirection/record.ts';
import type { Holder } from './holder.ts';
import type { LastTimes } from './last-times.ts';
import type { Ledger } from './ledger.ts';
import { holdLonger, longerUntil } from './longer.ts';
import { helpOf, nothingOf, sumOfAll } from './overview.ts';
import type { Planner } from './planner.ts';
import { createOwn } from './own.ts';
import { seenOf } from './seen.ts';
import { mayLend } from './spare.ts';
import { heldUntil, viewOf } from './view.ts';

export interface DeskDeps {
  readonly board: BoardView;
  readonly policy: RedirectionPolicy;
  readonly ground: Ground;
  readonly ledger: Ledger;
  readonly planner: Planner;
  readonly holder: Holder;
  readonly writer: Pick<SlotWriter, 'writes' | 'longer'>;
  readonly whatIf: RedirectionDesk['whatIf'];
  readonly lastTimes: Pick<LastTimes, 'before'>;
  readonly clock: Clock;
  readonly newId: () => string;
}

type Body<T extends RedirectionEvent['type']> = Omit<
  Extract<RedirectionEvent, { type: T }>,
  'type' | 'at' | 'id' | 'by'
>;

/** What people decide: checked against what is true now, on disk before it is answered, and exactly one wins. */
export function createDesk(deps: DeskDeps): RedirectionDesk {
  const { board, policy, ledger, planner, holder, clock } = deps;
  const { lastTimes, writer } = deps;
  const own = createOwn({ board, policy, ground: deps.ground, planner, lastTimes, writer, clock });
  const at = () => clock.now();
  const undoUntil = () => at() + MINUTE * Math.max(1, clock.speed);
  const find = (id: string): RedirectionRecord => {
    const record = ledger.records().get(id);
    if (!record) throw new RedirectionProblem('UNKNOWN_REDIRECTION', 'There is no such redirection');
    return record;
  };
  const seenAs = (record: RedirectionRecord, rank: number | null): Redirection =>
    viewOf({ board, policy, lots: planner.found?.lots ?? null, lastTimes, writer }, record, at(), rank);
  const view = (id: string): Redirection => seenAs(find(id), ranks().get(id) ?? null);
  const keep = (event: RedirectionEvent): RedirectionRecord => {
    try {
      return ledger.append(event);
    } catch (cause) {
      throw new RedirectionProblem('NOT_KEPT', 'It cannot be written down now: nothing was decided', null, { cause });
    }
  };

  /** In state, of that revision, or why not; null where this very call was taken before. */
  const ready = (
    id: string,
    { key, revision }: Decision,
    states: readonly RedirectionRecord['state'][],
  ): RedirectionRecord | null => {
    const record = find(id);
    if (record.keys.has(key) && record.state !== 'proposed') return null;
    if (!states.includes(record.state)) throw new RedirectionProblem('REDIRECTION_MOVED_ON', movedOn(record, board));
    if (record.revision !== revision && record.state === 'proposed')
      throw new RedirectionProblem('REDIRECTION_MOVED_ON', 'It was worked out anew since you looked: look again');
    return record;
  };
  /** Free slots of its hub within its own hours, as they are to be had now. */
  const spareOf = (draft: Draft): Offerable[] => {
    const { slots } = planner.lots();
    const lots = new Set(draft.slots.map(({ lot }) => lot));
    return [...slots].flatMap(([id, members]) => (lots.has(id) ? [...members] : []));
  };

  const take = async (record: RedirectionRecord, draft: Draft, key: string, actor: Actor): Promise<Redirection> => {
    const seen = seenOf(board, draft, planner.needs());
    keep({
      ...{ type: 'accepted', at: at(), id: record.id, by: actor.id, key, draft, seen },
      offered: slotsIn(record.draft),
      heldUntil: heldUntil(draft, at(), policy),
      undoUntil: undoUntil(),
      written: writer.writes(draft.hub),
    });
    await holder.hold(record.id);
    const now = find(record.id);
    const last = now.events.at(-1);
    if (now.state === 'proposed' && last?.type === 'gone') throw gone(slotsIn(draft), last.free);
    return view(record.id);
  };

  const decide = <T extends RedirectionEvent['type']>(
    type: T,
    id: string,
    body: Decision,
    actor: Actor,
    states: readonly RedirectionRecord['state'][],
    given: (record: RedirectionRecord) => Omit<Body<T>, 'key'>,
  ): Redirection => {
    const record = ready(id, body, states);
    if (record)
      keep({ type, at: at(), id, by: actor.id, key: body.key, ...given(record) } as unknown as RedirectionEvent);
    return view(id);
  };

  const ranks = (): Map<string, number> => {
    const proposed = ledger.awake(at()).filter(({ state }) => state === 'proposed');
    return new Map(proposed.sort(byEffect).map(({ id }, i) => [id, i + 1]));
  };

  const list = (unit: string | null): Redirections => {
    const scope = unit === null ? null : board.scope(unit);
    const today = dayStart(at());
    const ranked = ranks();
    const concerns = ({ draft }: RedirectionRecord) =>
      scope === null ||
      scope.has(draft.unit) ||
      scope.has(draft.hub) ||
      draft.slots.some(({ practice }) => scope.has(practice));
    const mine = ledger
      .awake(at())
      .filter((record) => (isOpen(record) || record.proposedAt >= today) && isShown(record, at()) && concerns(record));
    const redirections = mine
      .sort(
        (a, b) =>
          (ranked.get(a.id) ?? Infinity) - (ranked.get(b.id) ?? Infinity) || (b.decidedAt ?? 0) - (a.decidedAt ?? 0),
      )
      .map((record) => seenAs(record, ranked.get(record.id) ?? null));
    const { found } = planner;
    const all = sumOfAll(scope, found, redirections);
    return {
      at: toInstant(at()),
      revision: ledger.revision,
      simulated: board.definition.simulated || clock.simulated,
      solved: found ? { at: toInstant(found.at), tookMs: Math.round(found.tookMs * 10) / 10, gap: found.gap } : null,
      ...all,
      nothing: redirections.some(({ state }) => state === 'proposed') ? '' : nothingOf(board, policy, found, all),
      help: helpOf(board, found, scope),
      redirections,
    };
  };

  return {
    get revision() {
      return ledger.revision;
    },
    get foundAt() {
      return planner.found?.at ?? null;
    },
    list,
    one: view,
    whatIf: deps.whatIf,
    async accept(id, body: Accept, actor) {
      const record = ready(id, body, ['proposed']);
      if (!record) {
        await holder.hold(id);
        return view(id);
      }
      if (record.answerBy <= at())
        throw new RedirectionProblem('REDIRECTION_MOVED_ON', 'Nobody answered in time: it has lapsed');
      const wanted = sharesWanted(record.draft, body);
      const spare = spareOf(record.draft);
      const left = withoutOwn(spare, record.draft);
      const draft = withShares(record.draft, wanted, left.others);
      const total = [...wanted.values()].reduce((sum, count) => sum + count, 0);
      if (total === 0) throw new RedirectionProblem('BAD_SHARES', 'No slot is left in it: refuse it instead');
      if (left.missing > 0 || draft === null)
        throw gone(
          total,
          Math.min(
            total,
            spare.reduce((sum, { free }) => sum + free, 0),
          ),
        );
      const lendable = draft.borrowed ? mayLend(planner.lots(), draft) : Infinity;
      if (total > lendable)
        throw new RedirectionProblem(
          'BAD_SHARES',
          `The hub lends ${lendable} of these slots, not ${total}: it keeps the others for its own practices`,
        );
      return take(record, draft, body.key, actor);
    },
    async refuse(id, body, actor) {
      return decide('refused', id, body, actor, ['proposed'], ({ draft, seen }) => ({
        ...{ reason: body.reason, undoUntil: undoUntil() },
        ...{ offered: slotsIn(draft), seen },
      }));
    },
    async release(id, body, actor) {
      const view = decide('released', id, body, actor, ['held'], () => ({}));
      await holder.attend();
      return find(id).revision === view.revision ? view : this.one(id);
    },
    async keep(id, body, actor) {
      const now = ready(id, body, ['held']);
      if (now) await holdLonger(writer, now, longerUntil(now, policy));
      return decide('kept', id, body, actor, ['held'], (record) => ({ heldUntil: longerUntil(record, policy) }));
    },
    async undo(id, body, actor) {
      return decide('undone', id, body, actor, ['held', 'refused'], (record) => {
        if ((record.undoUntil ?? -Infinity) < at())
          throw new RedirectionProblem('UNDO_OVER', 'It is more than a minute ago');
        return { answerBy: at() + policy.answerMinutes * MINUTE };
      });
    },
    async acknowledge(id, body, actor) {
      const record = find(id);
      if (!record.draft.slots.some(({ practice }) => practice === body.practice))
        throw new RedirectionProblem('BAD_SHARES', 'That practice has no share in it');
      return decide('acknowledged', id, body, actor, ['holding', 'held', 'fulfilled'], () => ({
        practice: body.practice,
      }));
    },
    async fulfil(id, body, actor) {
      return decide('told', id, body, actor, ['held', 'fulfilled', 'expired', 'released'], (record) => {
        if (record.written)
          throw new RedirectionProblem('NOT_POSSIBLE_NOW', "The hub's own system says what is booked");
        if (body.booked > slotsIn(record.draft)) throw new RedirectionProblem('BAD_SHARES', 'More than were held');
        return { booked: body.booked };
      });
    },
    preview: (body) => own.preview(body),
    async offer(body: OwnOffer, actor) {
      const before = ledger.awake(at()).find(({ keys }) => keys.has(body.key));
      if (before) return view(before.id);
      const draft = own.draft(body);
      const id = deps.newId();
      const seen = seenOf(board, draft, planner.needs());
      const by = actor.id;
      const record = keep({
        type: 'proposed',
        at: at(),
        id,
        by,
        draft,
        seen,
        answerBy: at() + policy.answerMinutes * MINUTE,
      });
      return take(record, draft, body.key, actor);
    },
  };
}

const gone = (wanted: number, free: number): RedirectionProblem =>
  new RedirectionProblem('SLOTS_GONE', `${wanted - free} of ${wanted} were taken meanwhile: ${free} are left`, free);

function movedOn(record: RedirectionRecord, board: BoardView): string {
  const who = record.decidedBy === null || record.decidedBy === 'system' ? 'the board' : record.decidedBy;
  const hub = board.unit(record.draft.hub)?.name ?? record.draft.hub;
  return `It is ${record.state} already, by ${who}: the slots of ${hub} are no longer to be decided on`;
}

/** What is decided or lapsed is shown for the day, what was overtaken for ten minutes. */
const SHORTLY = 10 * MINUTE;
const isShown = (record: RedirectionRecord, now: number): boolean =>
  record.decidedAt !== null || isOpen(record) || (record.endedAt ?? 0) > now - SHORTLY;

function byEffect(a: RedirectionRecord, b: RedirectionRecord): number {
  const urgent = ({ draft }: RedirectionRecord) =>
    draft.slots.reduce((sum, { need, count }) => (need === 'urgent' ? sum + count : sum), 0);
  const far = ({ draft }: RedirectionRecord) =>
    draft.slots.reduce((sum, { km, count }) => sum + (km ?? 0) * count, 0) / Math.max(1, slotsIn(draft));
  return urgent(b) - urgent(a) || far(a) - far(b) || slotsIn(b.draft) - slotsIn(a.draft) || a.id.localeCompare(b.id);
}

function sharesWanted({ slots }: Draft, { shares }: Accept): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { practice, count } of slots) wanted.set(practice, (wanted.get(practice) ?? 0) + count);
  for (const { practice, slots: count } of shares ?? []) {
    if (!wanted.has(practice)) throw new RedirectionProblem('BAD_SHARES', `${practice} has no share in it`);
    wanted.set(practice, count);
  }
  return wanted;
}

/** What is free besides the offer's own slots, and how many of its own are no longer to be had. */
function withoutOwn(spare: readonly Offerable[], draft: Draft): { others: Offerable[]; missing: number } {
  const own = new Map<string, number>();
  for (const slot of draft.slots) {
    const key = slotKey(draft.hub, slot);
    own.set(key, (own.get(key) ?? 0) + slot.count);
  }
  const others = spare.flatMap((slot): Offerable[] => {
    const key = slotKey(draft.hub, slot);
    const taken = Math.min(own.get(key) ?? 0, slot.free);
    own.set(key, (own.get(key) ?? 0) - taken);
    return slot.free > taken ? [{ ...slot, free: slot.free - taken }] : [];
  });
  return { others, missing: [...own.values()].reduce((sum, count) => sum + count, 0) };
}
