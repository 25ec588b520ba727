import Type from 'typebox';
import { ConceptSchema, resourceOf, type Concept } from './fhir.ts';
import { roleCode } from './slot-types.ts';
import { compiled, isRecord } from './values.ts';

const ScheduleSchema = compiled(
  Type.Object({
    serviceCategory: Type.Optional(Type.Array(ConceptSchema)),
    serviceType: Type.Optional(Type.Array(ConceptSchema)),
    actor: Type.Optional(Type.Array(Type.Object({ reference: Type.Optional(Type.String()) }))),
  }),
);
const RoleSchema = compiled(Type.Object({ code: Type.Optional(Type.Array(ConceptSchema)) }));

/** What a slot's schedule adds to it. Practitioners and locations are not looked at. */
export interface ScheduleFacts {
  readonly types: readonly Concept[] | undefined;
  readonly categories: readonly Concept[] | undefined;
  readonly role: string | null;
  /** Ids of the HealthcareServices it belongs to: in BaRS the DoS id. */
  readonly services: readonly string[];
}

export interface Includes {
  schedule(reference: string): ScheduleFacts | null;
}

type Resource = Readonly<Record<string, unknown>>;
const WANTED: ReadonlySet<unknown> = new Set(['Schedule', 'PractitionerRole', 'HealthcareService']);

/** Included resources by `fullUrl` and by `Type/id`: they come in any order, before or after the slots that need them. */
export function indexIncludes(entries: readonly unknown[]): Includes {
  const byReference = new Map<string, Resource>();
  for (const entry of entries) {
    const resource = resourceOf(entry);
    if (!resource || !isRecord(entry) || !WANTED.has(resource['resourceType'])) continue;
    if (typeof entry['fullUrl'] === 'string') byReference.set(entry['fullUrl'], resource);
    if (typeof resource['id'] === 'string')
      byReference.set(`${String(resource['resourceType'])}/${resource['id']}`, resource);
  }
  const facts = new Map<string, ScheduleFacts | null>();
  return {
    schedule(reference) {
      const known = facts.get(reference);
      if (known !== undefined) return known;
      const made = factsOf(byReference.get(reference), byReference);
      facts.set(reference, made);
      return made;
    },
  };
}

function factsOf(schedule: Resource | undefined, byReference: ReadonlyMap<string, Resource>): ScheduleFacts | null {
  if (schedule?.['resourceType'] !== 'Schedule' || !ScheduleSchema.Check(schedule)) return null;
  let role: string | null = null;
  const services: string[] = [];
  for (const { reference } of schedule.actor ?? []) {
    const actor = reference === undefined ? undefined : byReference.get(reference);
    if (actor?.['resourceType'] === 'PractitionerRole' && RoleSchema.Check(actor)) role ??= roleCode(actor.code);
    else if (actor?.['resourceType'] === 'HealthcareService' && typeof actor['id'] === 'string')
      services.push(actor['id']);
  }
  return { types: schedule.serviceType, categories: schedule.serviceCategory, role, services };
}
