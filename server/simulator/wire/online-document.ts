import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryCaller } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import { trait } from '../random.ts';
import type { Day } from '../world/day.ts';
import { onlineStateAt, worksOn } from '../world/online.ts';
import type { World } from '../world/world.ts';

/** `online-consultations` of the contract. Suppliers know who asked: a few send the latest request along. */
export function onlineDocument(world: World, sites: readonly UnitDef[], day: Day, at: EpochMs, stamp: EpochMs): string {
  const wall = day.wallAt(at);
  const before = world.workingDayBefore(day);
  const practices = sites.map((site) => {
    const state = onlineStateAt(world.online(site, day), world.online(site, before), worksOn(day), wall);
    const oldest = state.oldestSent;
    const sentAt = oldest && (oldest.before ? before : day).epochOf(oldest.wall);
    return {
      odsCode: codeOf(site),
      open: state.open,
      oldestOpenMinutes: sentAt === null ? 0 : Math.max(0, Math.floor((at - sentAt) / 60_000)),
      sinceMidnight: { clinical: state.clinical, admin: state.admin },
      ...(trait(site.id, 'latest-request') < 0.2 ? { latestRequest: canaryCaller(site.id, day.date, 'online') } : {}),
    };
  });
  return JSON.stringify({ generatedAt: toInstant(stamp), practices });
}
