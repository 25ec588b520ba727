import type { UnitDef } from '#shared/model/definition.ts';
import type { Day } from './day.ts';
import type { OwnWays } from './own-way.ts';
import type { Contacts } from './redirected.ts';

/** What became of a patient who found no slot at the own practice; wall seconds. */
export type Became =
  /** The practice sent them to a hub by itself. */
  | { readonly kind: 'own-way'; readonly hub: string }
  /** A slot kept for the practice was given to them. */
  | {
      readonly kind: 'placed';
      readonly hub: string;
      readonly placedAt: number;
      readonly slotStart: number;
      /** Null for a slot by telephone, or where nobody knows. */
      readonly km: number | null;
      readonly attended: boolean;
    }
  /** `declined`: they were offered one and did not want it. */
  | { readonly kind: 'unplaced'; readonly declined: boolean };

export interface TurnedAway {
  readonly at: number;
  /** Needs to be seen the same day; the others take a later appointment if there is none. */
  readonly urgent: boolean;
  readonly became: Became;
}

/** The hidden truth against which redirections are scored: each patient of the practice's day once. */
export function truthOf(
  practice: UnitDef,
  day: Day,
  turnedAway: readonly number[],
  urgent: (patient: number) => boolean,
  ownWays: OwnWays,
  { placements, declined }: Contacts,
): TurnedAway[] {
  const placed = new Map(placements.map((placement) => [placement.patient, placement]));
  return turnedAway.map((time, patient) => {
    const one = { at: time, urgent: urgent(patient) };
    const placement = placed.get(patient);
    if (placement) {
      const { hold, slot, km } = placement.offered;
      const became = {
        kind: 'placed',
        hub: hold.hub,
        placedAt: placement.at,
        slotStart: slot.start,
        km: slot.channel === 'Telephone' ? null : km,
        attended: placement.turns.some((turn) => turn.status === 'fulfilled'),
      } as const;
      return { ...one, became };
    }
    const [hub] = ownWays.sentTo(practice, day, patient);
    if (hub) return { ...one, became: { kind: 'own-way', hub: hub.id } };
    return { ...one, became: { kind: 'unplaced', declined: declined.has(patient) } };
  });
}
