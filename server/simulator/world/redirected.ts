import type { UnitDef } from '#shared/model/definition.ts';
import { createRandom, trait } from '../random.ts';
import { fate, type Appointment } from './appointments.ts';
import { wallSeconds, type Day } from './day.ts';
import type { Booked, Hold } from './outside.ts';
import type { SlotSpec } from './slot-book.ts';

/** Share of the practices that never act on slots kept for them. */
const NEVER_ACT = 0.08;
/** Seconds from the keeping of slots until a practice's desk begins to ring patients, by practice. */
const REACTION = [120, 900] as const;
/** Seconds that each patient takes. */
const CONTACT = [90, 240] as const;
/** A patient needs so much notice. */
const NOTICE = 1200;
/** Chance that a patient declines: next door, for each kilometre, at most, and by telephone. */
const DECLINES = { near: 0.09, perKm: 0.008, most: 0.5, telephone: 0.06 } as const;
/** Where nobody knows how far it is. */
const USUAL_KM = 4;
const NO_SHOW = 0.05;
const OPEN = wallSeconds('08:00');
const CLOSE = wallSeconds('18:30');

/** A slot that is kept for the practice, and how far it is from there. */
export interface Offered {
  readonly hold: Hold;
  readonly slot: SlotSpec;
  /** Null where one of the two has no place. */
  readonly km: number | null;
}

/** A patient of the practice who was given a kept slot. */
export interface Placement extends Booked {
  /** Place among those whom the practice turned away. */
  readonly patient: number;
  readonly offered: Offered;
  /** What became of the booking. */
  readonly turns: Appointment['turns'];
}

export interface Contacts {
  readonly placements: readonly Placement[];
  /** Patients who were rung and did not want the slot. */
  readonly declined: ReadonlySet<number>;
}

export const NO_CONTACTS: Contacts = { placements: [], declined: new Set() };

export const acts = (practice: Pick<UnitDef, 'id'>, seed: number) => trait(seed, practice.id, 'acts') >= NEVER_ACT;

/** Somebody whom the practice turned away at `at` (wall second) and has not sent on itself; `patient`: place among them. */
export interface Waiting {
  readonly at: number;
  readonly patient: number;
  readonly urgent: boolean;
}

/**
 * Whom the practice rings, and who takes what: one after the other, oldest first, each for the earliest slot kept for it
 * by then; for one that is kept for urgent patients an urgent one, while any waits. What is offered later changes nothing
 * of what was before.
 */
export function contactPatients(
  practice: UnitDef,
  day: Day,
  patients: readonly Waiting[],
  offers: readonly Offered[],
  seed: number,
): Contacts {
  if (!acts(practice, seed)) return NO_CONTACTS;
  const delay = REACTION[0] + (REACTION[1] - REACTION[0]) * trait(seed, practice.id, 'reaction');
  const left = [...patients];
  const open = new Set(offers);
  const placements: Placement[] = [];
  const declined = new Set<number>();
  let free = OPEN;
  while (left[0]) {
    const found = nextOffer(open, Math.max(free, left[0].at), delay);
    if (!found) break;
    const { at, offered } = found;
    const [one] = left.splice(whoIsNext(left, at, offered), 1);
    if (!one) break;
    const { patient } = one;
    const random = createRandom(seed, day.date, practice.id, 'redirected', patient);
    free = at + Math.floor(random.between(...CONTACT));
    if (random.next() < declineChance(offered)) {
      declined.add(patient);
      continue;
    }
    open.delete(offered);
    placements.push({ patient, offered, ...booked(at, offered, random) });
  }
  return { placements, declined };
}

/** Place among those who are left. */
function whoIsNext(left: readonly Waiting[], at: number, { hold }: Offered): number {
  if (hold.need !== 'urgent') return 0;
  return Math.max(
    0,
    left.findIndex((one) => one.urgent && one.at <= at),
  );
}

/** The first moment from `from` on at which a kept slot can be given, and the earliest of the slots then. */
function nextOffer(open: ReadonlySet<Offered>, from: number, delay: number): { at: number; offered: Offered } | null {
  for (let at = from; at < CLOSE;) {
    let earliest: Offered | null = null;
    let next = Infinity;
    for (const offered of open) {
      const { hold, slot } = offered;
      const known = Math.floor(hold.from + delay);
      if (known > at) next = Math.min(next, known);
      else if (hold.ends > at && slot.start >= at + NOTICE && slot.start < (earliest?.slot.start ?? Infinity)) {
        earliest = offered;
      }
    }
    if (earliest) return { at, offered: earliest };
    at = next;
  }
  return null;
}

function declineChance({ slot, km }: Offered): number {
  if (slot.channel === 'Telephone') return DECLINES.telephone;
  return Math.min(DECLINES.most, DECLINES.near + DECLINES.perKm * (km ?? USUAL_KM));
}

function booked(at: number, { slot, hold }: Offered, random: ReturnType<typeof createRandom>) {
  const turns = fate(slot.start, slot.minutes, at, NO_SHOW, random);
  const given = turns.find((turn) => turn.status === 'cancelled')?.at ?? null;
  if (given !== null && given < hold.withdrawn) return { at, turns, cancelled: given };
  // A hub that closes sends its patients home.
  const closed = hold.withdrawn < Infinity;
  return { at, turns: closed ? [{ at: hold.withdrawn, status: 'cancelled' as const }] : turns, cancelled: null };
}
