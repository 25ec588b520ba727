import Type from 'typebox';
import {
  ConceptSchema,
  conceptsOf,
  ConceptsSchema,
  resourceOf,
  roleCode,
  type Concept,
  type Resource,
} from './fhir.ts';
import { compiled, isRecord, refuse, type Refusals } from './values.ts';

const ScheduleSchema = compiled(
  Type.Object({
    active: Type.Optional(Type.Boolean()),
    serviceCategory: Type.Optional(ConceptsSchema),
    serviceType: Type.Optional(ConceptsSchema),
    actor: Type.Optional(Type.Array(Type.Object({ reference: Type.Optional(Type.String()) }))),
    extension: Type.Optional(
      Type.Array(
        Type.Object({
          url: Type.Optional(Type.String()),
          valueCodeableConcept: Type.Optional(ConceptSchema),
        }),
      ),
    ),
  }),
);
const RoleSchema = compiled(Type.Object({ code: Type.Optional(Type.Array(ConceptSchema)) }));
const ServiceSchema = compiled(
  Type.Object({
    id: Type.Optional(Type.String()),
    identifier: Type.Optional(
      Type.Array(Type.Object({ system: Type.Optional(Type.String()), value: Type.Optional(Type.String()) })),
    ),
  }),
);

/** What a slot's schedule adds to it. Practitioners and locations are not looked at. */
export interface ScheduleFacts {
  /** False: an entry that its owner says is not to be used. */
  readonly active: boolean;
  readonly types: readonly Concept[] | undefined;
  readonly categories: readonly Concept[] | undefined;
  readonly role: string | null;
  /** DoS ids of the HealthcareServices it belongs to, as far as they were named. */
  readonly services: readonly string[];
}

export interface Includes {
  /** Null: the schedule did not come along, or is not as the standard says (refused once at its own place). */
  schedule(reference: string): ScheduleFacts | null;
}

interface Placed {
  readonly resource: Resource;
  readonly index: number;
}

const WANTED: ReadonlySet<unknown> = new Set(['Schedule', 'PractitionerRole', 'HealthcareService']);
const TYPED = /(?:^|\/)([A-Za-z]+\/[^/?]+)(?:\/_history\/[^/]*)?$/;
const DOS_ID = /^\d{5,}$/;
const DOS_SYSTEM = 'https://fhir.nhs.uk/Id/dos-service-id';

/**
 * Included resources by `fullUrl` and by `Type/id`: they come in any order, before or after the slots that need them.
 * References are `urn:uuid:`, relative or absolute; STU3 leaves out `fullUrl`.
 */
export function indexIncludes(entries: readonly unknown[], refusals: Refusals): Includes {
  const byUrl = new Map<string, Placed>();
  const byType = new Map<string, Placed>();
  entries.forEach((entry, index) => {
    const resource = resourceOf(entry);
    if (!resource || !isRecord(entry) || !WANTED.has(resource['resourceType'])) return;
    const placed = { resource, index };
    if (typeof entry['fullUrl'] === 'string') byUrl.set(entry['fullUrl'], placed);
    if (typeof resource['id'] === 'string') byType.set(`${String(resource['resourceType'])}/${resource['id']}`, placed);
  });
  const find = (reference: string): Placed | undefined =>
    byUrl.get(reference) ?? byType.get(TYPED.exec(reference)?.[1] ?? '') ?? bareUuid(reference, byType);
  const facts = new Map<string, ScheduleFacts | null>();
  return {
    schedule(reference) {
      const known = facts.get(reference);
      if (known !== undefined) return known;
      const made = factsOf(find(reference), find, refusals);
      facts.set(reference, made);
      return made;
    },
  };
}

/** `urn:uuid:x` where the entry has no `fullUrl` and says only that its id is `x`. */
function bareUuid(reference: string, byType: ReadonlyMap<string, Placed>): Placed | undefined {
  if (!reference.startsWith('urn:uuid:')) return undefined;
  const id = reference.slice('urn:uuid:'.length);
  for (const type of WANTED) {
    const found = byType.get(`${String(type)}/${id}`);
    if (found) return found;
  }
  return undefined;
}

function factsOf(
  placed: Placed | undefined,
  find: (reference: string) => Placed | undefined,
  refusals: Refusals,
): ScheduleFacts | null {
  const schedule = placed?.resource;
  if (!placed || schedule?.['resourceType'] !== 'Schedule') return null;
  if (!ScheduleSchema.Check(schedule)) {
    refuse(refusals, `/entry/${placed.index}/resource`, ScheduleSchema, schedule);
    return null;
  }
  const { active = true, serviceType, serviceCategory, actor = [], extension = [] } = schedule;
  const stated = extension.find(({ url }) => url?.includes('PractitionerRole') === true)?.valueCodeableConcept;
  let role = roleCode(stated && [stated]);
  const services: string[] = [];
  for (const { reference } of actor) {
    const found = reference === undefined ? undefined : find(reference)?.resource;
    if (found?.['resourceType'] === 'PractitionerRole' && RoleSchema.Check(found)) role ??= roleCode(found.code);
    const service = serviceId(reference, found);
    if (service !== null) services.push(service);
  }
  return { active, types: conceptsOf(serviceType), categories: conceptsOf(serviceCategory), role, services };
}

/** The DoS id of an actor that is a service: its own id, its identifier, or the reference where it did not come along. */
function serviceId(reference: string | undefined, found: Resource | undefined): string | null {
  if (!found) {
    const id = /(?:^|\/)HealthcareService\/(\d{5,})$/.exec(reference ?? '')?.[1];
    return id ?? null;
  }
  if (found['resourceType'] !== 'HealthcareService' || !ServiceSchema.Check(found)) return null;
  const identifier = found.identifier?.find(({ system }) => system === DOS_SYSTEM)?.value;
  if (identifier !== undefined && DOS_ID.test(identifier)) return identifier;
  return found.id !== undefined && DOS_ID.test(found.id) ? found.id : null;
}
