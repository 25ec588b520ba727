import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryPerson, canaryPhone, canaryText } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import type { Day } from '../world/day.ts';
import { declaredAt } from '../world/declared.ts';
import type { World } from '../world/world.ts';

/**
 * What people at practices have declared and not taken back, with what they wrote beside it and who they are: only the
 * codes may ever be read.
 */
export function declaredDocument(
  world: World,
  sites: readonly UnitDef[],
  day: Day,
  at: EpochMs,
  stamp: EpochMs,
): string {
  const wall = day.wallAt(at);
  const declared = sites.flatMap((site) => {
    const standing = declaredAt(world.declared(site, day), wall);
    if (!standing) return [];
    const person = canaryPerson(site.id, day.date, 'declares');
    return [
      {
        odsCode: codeOf(site),
        level: standing.level,
        reason: standing.reason,
        role: standing.role,
        declaredAt: toInstant(day.epochOf(standing.at)),
        ...(standing.until === null ? {} : { until: toInstant(day.epochOf(standing.until)) }),
        declaredBy: `${person.given} ${person.family}`,
        contact: canaryPhone(site.id, 'declares'),
        comment: canaryText(site.id, day.date, 'declares') ?? '',
      },
    ];
  });
  return JSON.stringify({ generatedAt: toInstant(stamp), declared });
}
