import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryText } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import type { Day } from '../world/day.ts';
import type { World } from '../world/world.ts';

const HEADER = 'Generated,Practice,Staff group,Planned,Available,Note';

/** A rota system's export of today: a line a practice and staff group. Who is away stands only in the notes. */
export function rotaTable(world: World, sites: readonly UnitDef[], day: Day, at: EpochMs, stamp: EpochMs): string {
  const wall = day.wallAt(at);
  const lines = sites.flatMap((site) =>
    world.rota(site, day, wall).map(({ group, planned, available }) => {
      const note = canaryText(site.id, day.date, 'rota', group) ?? '';
      return [toInstant(stamp), codeOf(site), group, planned, available, `"${note}"`].join(',');
    }),
  );
  return `\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`;
}
