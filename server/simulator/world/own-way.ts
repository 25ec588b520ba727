import type { UnitDef } from '#shared/model/definition.ts';
import { trait } from '../random.ts';
import type { Day } from './day.ts';
import type { Sites } from './sites.ts';
import type { SlotBook } from './slot-book.ts';

/** Share of the patients turned away by their practice who are booked into a hub there and then. */
const TO_HUB = 0.02;

/** What practices do by themselves with patients whom they turn away: some are sent to a hub of their area. */
export interface OwnWays {
  /** Hubs that the practice sends its patient to, by their place among those turned away; nearly always none. */
  sentTo(practice: UnitDef, day: Day, patient: number): readonly UnitDef[];
  /** Wall seconds at which such patients ask at the hub. `turnedAway`: those of a practice on the day. */
  overflow(hub: UnitDef, day: Day, turnedAway: (practice: UnitDef) => SlotBook['turnedAway']): number[];
}

export function createOwnWays(sites: Sites, seed: number): OwnWays {
  const areas = Map.groupBy(
    sites.all.filter((site) => site.siteKind === 'hub'),
    (hub) => hub.parent,
  );
  const areaOf = (parent: string | null) => parent ?? sites.system.id;
  const leaves = (practice: UnitDef, day: Day, patient: number) =>
    trait(seed, day.date, practice.id, 'to-hub', patient) < TO_HUB;
  const choice = (practice: UnitDef, patient: number, hubs: readonly UnitDef[]) =>
    hubs[Math.floor(trait(seed, practice.id, 'which-hub', patient) * hubs.length)];
  return {
    sentTo: (practice, day, patient) => {
      if (!leaves(practice, day, patient)) return [];
      const lineage = sites.lineage(practice.id);
      return [...areas].flatMap(([parent, hubs]) =>
        lineage.has(areaOf(parent)) ? (choice(practice, patient, hubs) ?? []) : [],
      );
    },
    overflow: (hub, day, turnedAway) => {
      const hubs = areas.get(hub.parent) ?? [];
      return sites
        .practicesUnder(areaOf(hub.parent))
        .flatMap((practice) =>
          turnedAway(practice).filter(
            (_, patient) => leaves(practice, day, patient) && choice(practice, patient, hubs)?.id === hub.id,
          ),
        );
    },
  };
}
