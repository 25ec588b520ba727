import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryText } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import type { Day } from '../world/day.ts';
import type { World } from '../world/world.ts';

const HEADER = 'Generated,Practice,Clinicians planned,Clinicians there,Desk planned,Desk there,Note';

/** A rota system's export of today: a line a practice. Who is away, and why, stands only in the notes. */
export function rotaTable(world: World, sites: readonly UnitDef[], day: Day, at: EpochMs, stamp: EpochMs): string {
  const wall = day.wallAt(at);
  const lines = sites.flatMap((site) => {
    const rota = world.rota(site, day, wall);
    if (!rota) return [];
    const { clinicians, desk } = rota;
    const note = canaryText(site.id, day.date, 'rota') ?? '';
    const counts = [clinicians.planned, clinicians.there, desk.planned, desk.there];
    return [[toInstant(stamp), codeOf(site), ...counts, `"${note}"`].join(',')];
  });
  return `\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`;
}
