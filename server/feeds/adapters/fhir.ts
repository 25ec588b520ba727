import Type, { type Static } from 'typebox';
import { FAULTS, faultOfStatus } from '../faults.ts';
import { issueIn, isOperationOutcome, type Issue } from '../issues.ts';
import type { Redaction, Unreadable } from './adapter.ts';
import { compiled, isRecord, TIME, type Refusals } from './values.ts';

/** Only what is counted is named here; names, texts, comments and references to people are never read. */
export const ConceptSchema = Type.Object({
  coding: Type.Optional(
    Type.Array(Type.Object({ code: Type.Optional(Type.String()), display: Type.Optional(Type.String()) })),
  ),
  text: Type.Optional(Type.String()),
});
export type Concept = Static<typeof ConceptSchema>;

/** One in STU3, a list in R4: where the two differ, either is taken. */
export const ConceptsSchema = Type.Union([Type.Array(ConceptSchema), ConceptSchema]);
export const conceptsOf = (value: Static<typeof ConceptsSchema> | undefined): readonly Concept[] | undefined =>
  value === undefined || Array.isArray(value) ? value : [value];

/** Practitioner roles that pass: HL7's codes and the SDS job roles (R0260). Anything else could be a person's number. */
const ROLE = /^(?:R\d{4}|doctor|nurse|pharmacist|researcher|teacher|ict)$/;

export function roleCode(concepts: readonly Concept[] | undefined): string | null {
  for (const concept of concepts ?? [])
    for (const { code } of concept.coding ?? []) if (code !== undefined && ROLE.test(code)) return code;
  return null;
}

const SearchsetSchema = compiled(
  Type.Object({
    resourceType: Type.Literal('Bundle'),
    type: Type.Literal('searchset'),
    total: Type.Optional(Type.Unknown()),
    timestamp: Type.Optional(Type.Unknown()),
    entry: Type.Optional(Type.Array(Type.Unknown())),
    link: Type.Optional(Type.Unknown()),
  }),
);

export interface Searchset {
  readonly ok: true;
  readonly timestamp: unknown;
  readonly entries: readonly unknown[];
  /** Address of the next page, or null. */
  readonly next: string | null;
}

/**
 * A searchset Bundle. No `entry` is a true empty result, unless it is the only page and its `total` says otherwise; how
 * many there are in all is not believed: BaRS counts includes in it.
 */
export function readSearchset(payload: unknown, page: number): Searchset | Unreadable {
  if (SearchsetSchema.Check(payload)) {
    const { entry = [], total, timestamp } = payload;
    const next = nextLink(payload.link);
    if (page === 0 && next === null && entry.length === 0 && typeof total === 'number' && total > 0)
      return { ok: false, state: 'invalid', fault: 'the answer counts records and holds none' };
    return { ok: true, timestamp, entries: entry, next };
  }
  if (isOperationOutcome(payload)) return reported(issueIn(payload));
  return { ok: false, state: 'invalid', fault: 'the answer is not a FHIR searchset' };
}

/** What a feed says of itself instead of an answer. */
function reported(issue: Issue | null): Unreadable {
  return { ok: false, ...(issue ? faultOfStatus(200, issue) : FAULTS.report) };
}

/** OperationOutcomes among the entries of a searchset: hints are passed over, errors are counted as refused. */
export interface Outcomes {
  add(resource: Resource, place: string): void;
  /** Null where there was no error: else why a searchset that brought nothing else is no answer. */
  readonly failed: Unreadable | null;
}

const SERIOUS: ReadonlySet<unknown> = new Set(['error', 'fatal']);

export function createOutcomes(refusals: Refusals): Outcomes {
  let failed: Unreadable | null = null;
  return {
    add(resource, place) {
      const { issue } = resource;
      if (!Array.isArray(issue) || !issue.some((one) => isRecord(one) && SERIOUS.has(one['severity']))) return;
      const found = issueIn(resource);
      failed ??= reported(found);
      refusals.add(place, `is an error that the feed reports of itself${found ? ` (${found.code})` : ''}`);
    },
    get failed() {
      return failed;
    },
  };
}

function nextLink(links: unknown): string | null {
  if (!Array.isArray(links)) return null;
  for (const link of links as unknown[])
    if (isRecord(link) && link['relation'] === 'next' && typeof link['url'] === 'string' && link['url'] !== '')
      return link['url'];
  return null;
}

export type Resource = Readonly<Record<string, unknown>>;

/** The resource of an entry, or null where the entry holds none. */
export function resourceOf(entry: unknown): Resource | null {
  const resource = isRecord(entry) ? entry['resource'] : null;
  return isRecord(resource) ? resource : null;
}

/** What tells a record from all others of an answer, or null: its address, or its id where it has none (STU3). */
export function identityOf(entry: unknown, { id }: Resource): string | null {
  const url = isRecord(entry) ? entry['fullUrl'] : undefined;
  if (typeof url === 'string') return url;
  return typeof id === 'string' ? id : null;
}

const oneOf = (...words: readonly string[]) => new RegExp(`^(?:${words.join('|')})$`);
const ISSUE = new RegExp(
  `^(?:(?:SEND|REC|PROXY)_)?(?:${[
    ...['BAD_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'METHOD_NOT_ALLOWED', 'NOT_ACCEPTABLE', 'TIMEOUT'],
    ...['CONFLICT', 'UNPROCESSABLE_ENTITY', 'TOO_MANY_REQUESTS', '(?:INTERNAL_)?SERVER_ERROR', 'NOT_IMPLEMENTED'],
    ...['UNAVAILABLE', 'INVALID_PARAMETER', 'INVALID_RESOURCE'],
  ].join('|')})$`,
);
const EXTENSION =
  /^https:\/\/fhir\.(?:hl7\.org|nhs)\.uk\/(?:STU3\/)?StructureDefinition\/Extension-(?:(?:UKCore|GPConnect)-DeliveryChannel(?:-[12])?|GPConnect-PractitionerRole-1)$/;

/**
 * Structure, statuses, codes and times stay, and of texts only names of slot types that we know ourselves. The next
 * page's link does not: a copy is one page, and read as one.
 */
export const fhirRedaction = (types: RegExp): Redaction => ({
  keeps: {
    resourceType: oneOf(
      ...['Bundle', 'Slot', 'Schedule', 'Appointment', 'OperationOutcome', 'HealthcareService', 'Organization'],
      ...['Practitioner', 'PractitionerRole', 'Location', 'Patient', 'Person', 'RelatedPerson', 'Device', 'Endpoint'],
    ),
    type: oneOf('searchset', 'collection', 'message', 'batch', 'transaction', 'document', 'history'),
    mode: oneOf('match', 'include', 'outcome'),
    relation: oneOf('self', 'first', 'previous', 'last'),
    severity: oneOf('fatal', 'error', 'warning', 'information'),
    status: oneOf(
      ...['free', 'busy', 'busy-tentative', 'busy-unavailable', 'entered-in-error', 'proposed', 'pending', 'booked'],
      ...['arrived', 'fulfilled', 'cancelled', 'noshow', 'checked-in', 'waitlist', 'accepted', 'declined', 'tentative'],
      ...['needs-action', 'generated', 'active', 'suspended', 'inactive'],
    ),
    start: TIME,
    end: TIME,
    created: TIME,
    timestamp: TIME,
    lastUpdated: TIME,
    url: EXTENSION,
    code: new RegExp(`${types.source}|${ROLE.source}|${ISSUE.source}`, types.flags),
    valueCode: /^(?:in-person|telephone|video)$/i,
    display: types,
    text: types,
  },
  links: ['id', 'fullUrl', 'reference'],
});
