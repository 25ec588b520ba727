import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { OfferedSlot, Redirection, Share } from '#shared/protocol/redirections.ts';
import type { BoardView } from '../domain/ports.ts';
import { slotsIn, type Draft } from '../domain/redirection/drafts.ts';
import { slotKey, type Lots } from '../domain/redirection/lots.ts';
import { addCounts, type Counts } from '../domain/redirection/needs.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import { bookedBy, inHand, returnedOf } from '../domain/redirection/promises.ts';
import { bookedOf, isTold, type RedirectionRecord } from '../domain/redirection/record.ts';
import type { LastTimes } from './last-times.ts';
import { mayKeepUntil } from './longer.ts';
import { spareFor } from './spare.ts';
import { sayLastTime, sayResult, saySentence, sayStep } from './words.ts';

export interface ViewDeps {
  readonly board: BoardView;
  readonly policy: RedirectionPolicy;
  /** As they were last worked out; null: not known, and nothing more can be had. */
  readonly lots: Lots | null;
  readonly lastTimes: Pick<LastTimes, 'before'>;
  readonly writer: Pick<SlotWriter, 'writes'>;
}

/** A hold ends so early that the first slot can still go to somebody else, and never in the past. */
export function heldUntil({ slots }: Draft, at: EpochMs, policy: RedirectionPolicy): EpochMs {
  const first = Math.min(...slots.map(({ start }) => start));
  return Math.max(at + MINUTE, Math.min(at + policy.holdMinutes * MINUTE, first - policy.endsBeforeMinutes * MINUTE));
}

/** A redirection as screens and programs see it. */
export function viewOf(
  { board, policy, lots, lastTimes, writer }: ViewDeps,
  record: RedirectionRecord,
  at: EpochMs,
  rank: number | null,
): Redirection {
  const { draft, seen } = record;
  const nameOf = (id: string) => board.unit(id)?.name ?? id;
  const span = spanOf(draft);
  const km = meanKm(draft.slots);
  const placed = placedIn(draft.slots);
  const waiting = addCounts(Object.values(seen.waiting));
  const decided = record.decidedAt !== null;
  const heldSome = record.heldAt !== null;
  const last = lastTimes.before(record);
  const terms = policy.hubs.find(({ hub }) => hub === draft.hub);
  const about = {
    hub: nameOf(draft.hub),
    unit: nameOf(draft.unit),
    slots: slotsIn(draft),
    ...span,
    km,
    placed,
    waiting,
  };
  return {
    id: record.id,
    revision: record.revision,
    state: record.state,
    rank,
    hub: draft.hub,
    hubName: about.hub,
    unit: draft.unit,
    unitName: about.unit,
    slots: about.slots,
    ...span,
    km,
    placed,
    waiting,
    sentence: saySentence(about),
    fit: terms?.fit ?? '',
    borrowed: draft.borrowed,
    effects: {
      unit: seen.effects.unit,
      hub: seen.effects.hub,
      practices: [...seen.effects.practices],
    },
    taken: seen.taken,
    spare: lots && record.state === 'proposed' ? spareFor(lots, draft) : 0,
    shares: sharesOf(record, nameOf),
    offered: offeredOf(record),
    // Who accepted it was told how; before, as it would be.
    instruction:
      record.heldUntil === null
        ? instructionBefore(writer.writes(draft.hub), about.hub, terms?.telephone ?? null)
        : instructionOf(record, about.hub, nameOf, terms?.telephone ?? null),
    proposedAt: toInstant(record.proposedAt),
    answerBy: decided || record.state !== 'proposed' ? null : toInstant(record.answerBy),
    heldUntil: toInstant(record.heldUntil ?? heldUntil(draft, at, policy)),
    decidedBy: record.decidedBy,
    decidedAt: instantOf(record.decidedAt),
    undoUntil: record.undoUntil === null || record.undoUntil < at ? null : toInstant(record.undoUntil),
    refusal: record.refusal,
    keptUntil: instantOf(mayKeepUntil(record, policy)),
    outcome: heldSome
      ? {
          booked: isTold(record) ? bookedOf(record) : null,
          returned: record.endedAt === null ? 0 : isTold(record) ? returnedOf(record) : null,
          notAttended: record.absent,
        }
      : null,
    result: sayResult(record),
    lastTime: last ? { at: toInstant(last.decidedAt ?? last.proposedAt), text: sayLastTime(last) } : null,
    followed: record.followed ? { at: toInstant(record.followed.at), practices: [...record.followed.practices] } : null,
    trouble: record.state === 'failed' ? '' : record.trouble,
    steps: record.events
      .filter(({ type }) => type !== 'looked')
      .map((event) => ({ at: toInstant(event.at), by: event.by, what: event.type, text: sayStep(event) })),
  };
}

const instantOf = (at: EpochMs | null): string | null => (at === null ? null : toInstant(at));

const spanOf = ({ slots }: Draft) => ({
  from: Math.min(...slots.map(({ start }) => start)),
  to: Math.max(...slots.map(({ start, minutes }) => start + minutes * MINUTE)),
});

function meanKm(slots: Draft['slots']): number | null {
  const known = slots.flatMap(({ km, count }) => (km === null ? [] : [{ km, count }]));
  const count = known.reduce((sum, each) => sum + each.count, 0);
  return count === 0 ? null : known.reduce((sum, each) => sum + each.km * each.count, 0) / count;
}

const placedIn = (slots: Draft['slots']): Counts => addCounts(slots.map(({ need, count }) => ({ [need]: count })));

function sharesOf(record: RedirectionRecord, nameOf: (id: string) => string): Share[] {
  const { draft, seen, acknowledged, heldAt } = record;
  const booked = bookedBy(record);
  return [...Map.groupBy(draft.slots, ({ practice }) => practice)].map(([practice, slots]) => {
    const said = acknowledged.get(practice);
    return {
      practice,
      name: nameOf(practice),
      slots: slotsIn({ slots }),
      placed: placedIn(slots),
      waiting: seen.waiting[practice] ?? {},
      km: meanKm(slots),
      booked: heldAt === null || !isTold(record) ? null : (booked.get(practice) ?? 0),
      acknowledged: said ? { by: said.by, at: toInstant(said.at) } : null,
    };
  });
}

function offeredOf(record: RedirectionRecord): OfferedSlot[] {
  const { draft, held, heldAt, written } = record;
  const booked = new Map<string, number>();
  for (const { slot, state } of held.values())
    if (state === 'booked') {
      const key = `${slot.practice} ${slotKey(draft.hub, slot)}`;
      booked.set(key, (booked.get(key) ?? 0) + 1);
    }
  const joined = new Map<string, OfferedSlot>();
  for (const { start, minutes, channel, role, service, count, practice } of draft.slots) {
    const key = `${practice} ${slotKey(draft.hub, { start, minutes, channel, role, service })}`;
    const known = joined.get(key);
    if (known) known.count += count;
    else
      joined.set(key, {
        ...{ start, minutes, channel, role, service, count, practice },
        booked: heldAt === null || !written ? null : (booked.get(key) ?? 0),
      });
  }
  return [...joined.values()];
}

const WRITTEN = { way: 'written' } as const;

function instructionBefore(writes: boolean, hub: string, telephone: string | null): Redirection['instruction'] {
  const text = `Its system cannot be written to: somebody rings ${hub}.`;
  return writes ? WRITTEN : { way: 'by-telephone', telephone, text };
}

/** What is said on the telephone where the hub's system cannot be written to. */
function instructionOf(
  record: RedirectionRecord,
  hub: string,
  nameOf: (id: string) => string,
  telephone: string | null,
): Redirection['instruction'] {
  if (record.written) return WRITTEN;
  const shares = [...inHand(record)].map(([practice, count]) => `${count} for ${nameOf(practice)}`);
  return {
    way: 'by-telephone',
    telephone,
    text: `Ring ${hub} and ask for ${slotsIn(record.draft)} slots: ${shares.join(', ')}.`,
  };
}
