import Type from 'typebox';
import type { Reading } from '../../domain/ports.ts';
import type { MakeAdapter } from './adapter.ts';
import {
  DECLARED_REDACTION,
  NOTHING_DECLARED,
  readDeclared,
  sayDeclared,
  standingAt,
  type DeclaredList,
  type DeclaredMemory,
} from './declared.ts';
import { askForDocument } from './documents.ts';
import type { UnitDef } from '#shared/model/definition.ts';
import { compiled, createRefusals, notReported, payloadTime, reading } from './values.ts';

/** What the people of sites say of themselves, in one document. */
const DocumentSchema = compiled(
  Type.Object({ generatedAt: Type.Optional(Type.Unknown()), declared: Type.Array(Type.Unknown()) }),
);

/** The level of each site as a number, or why there is none: never calm, only undeclared. */
export function levelReadings(list: DeclaredList, sites: readonly UnitDef[]): Reading[] {
  return sites.flatMap((site): Reading[] => {
    const level = list.standing.get(site)?.level;
    if (level !== undefined && level !== null) return [{ site: site.id, metric: 'declared.level', value: level }];
    if (list.refused.has(site)) return [reading(site.id, 'declared.level', 'invalid')];
    return notReported(site.id, ['declared.level'], level === null ? 'missing-field' : 'missing-site');
  });
}

export const declaredStates: MakeAdapter<DeclaredMemory> = () => ({
  name: 'declared-states',
  redaction: DECLARED_REDACTION,
  timeKeys: ['generatedAt'],
  memory: () => NOTHING_DECLARED,
  request: (asking) => askForDocument(asking),
  read(payload, { instance, now }, memory) {
    if (!DocumentSchema.Check(payload))
      return { ok: false, state: 'invalid', fault: 'the answer has no list of declared states' };
    const refusals = createRefusals();
    const observedAt = payloadTime(payload.generatedAt, now, '/generatedAt', refusals);
    const list = readDeclared(payload.declared, '/declared', instance.sites, now, refusals);
    const { declared, said } = sayDeclared(list, instance.sites, { at: observedAt ?? now, now }, memory);
    const readings = levelReadings(list, instance.sites);
    return {
      ok: true,
      observedAt,
      readings,
      slots: [],
      rejected: refusals.list,
      rejectedCount: refusals.count,
      duplicates: list.duplicates,
      next: null,
      memory: { said, readings },
      declared,
      volume: payload.declared.length,
    };
  },
  again: ({ now }, memory) => ({ readings: standingAt(memory, now), slots: [] }),
});
