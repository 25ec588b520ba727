import type { IncomingHttpHeaders } from 'node:http';
import type { UnitDef } from '#shared/model/definition.ts';
import { fromInstant, HOUR, ZONE, type EpochMs } from '#shared/model/time.ts';
import { GP_CONNECT_ERRORS, gpConnectOutcome, type GpConnectErrorCode } from '../wire/gp-connect-outcome.ts';
import type { FreeSlotSearch } from '../wire/gp-connect-bundle.ts';
import type { Answer } from './exchange.ts';

export const STU3_TYPE = 'application/fhir+json; charset=utf-8';
const INTERACTION = 'urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1';
const REQUIRED = ['ssp-traceid', 'ssp-from', 'ssp-to', 'ssp-interactionid', 'authorization'] as const;
const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code|';
const ORGANISATION_TYPE = 'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|';
/** Two weeks of days by the clock on the wall: the one with the autumn change has an hour more. */
const LONGEST_WINDOW_MS = (14 * 24 + 1) * HOUR;

export const gpConnectError = (code: GpConnectErrorCode, diagnostics: string): Answer => ({
  status: GP_CONNECT_ERRORS[code].status,
  type: STU3_TYPE,
  body: () => gpConnectOutcome(code, diagnostics),
});

/** The headers that the Spine's proxy requires, meant for this practice. Null when all is well. */
export function sspHeaderFault(headers: IncomingHttpHeaders, site: UnitDef): Answer | null {
  for (const name of REQUIRED) {
    if (typeof headers[name] !== 'string') return gpConnectError('BAD_REQUEST', `header ${name} is missing`);
  }
  if (headers['ssp-interactionid'] !== INTERACTION) {
    return gpConnectError('BAD_REQUEST', 'header ssp-interactionid names another interaction');
  }
  const asid = site.identifiers['asid'];
  if (asid !== undefined && headers['ssp-to'] !== asid) {
    return gpConnectError('BAD_REQUEST', 'header ssp-to names another system');
  }
  const reason = claimsOf(headers.authorization)?.['reason_for_request'];
  return reason === 'directcare' ? null : gpConnectError('BAD_REQUEST', 'the token says nothing of direct care');
}

/** Claims of a bearer token; the proxy has checked who sent it, so that it may be unsigned. */
function claimsOf(authorization: string | undefined): Record<string, unknown> | null {
  const [, payload = ''] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/.exec(authorization ?? '') ?? [];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? { ...claims } : null;
  } catch {
    return null;
  }
}

/** The query of a search for free slots, or what a provider answers to a wrong one. */
export function freeSlotSearch(url: URL): FreeSlotSearch | Answer {
  const query = url.searchParams;
  const statuses = query.getAll('status');
  if (statuses.length === 0) return gpConnectError('BAD_REQUEST', 'status is missing');
  if (statuses.join() !== 'free') return gpConnectError('INVALID_PARAMETER', 'status can only be free');
  const includes = query.getAll('_include');
  if (!includes.includes('Slot:schedule')) return gpConnectError('BAD_REQUEST', '_include Slot:schedule is missing');
  const from = bound(query.getAll('start'), 'ge', 'start');
  const to = bound(query.getAll('end'), 'le', 'end');
  if (from === null || to === null) {
    return gpConnectError('INVALID_PARAMETER', 'start must be given once as ge, and end once as le');
  }
  if (to <= from) return gpConnectError('INVALID_PARAMETER', 'end is not after start');
  if (to - from > LONGEST_WINDOW_MS) return gpConnectError('INVALID_PARAMETER', 'the period is longer than two weeks');
  const filters = query.getAll('searchFilter');
  const recursed = new Set(query.getAll('_include:recurse'));
  return {
    from,
    to,
    namesCode: filters.some((filter) => filter.startsWith(ODS) && filter.length > ODS.length),
    namesType: filters.some((filter) => filter.startsWith(ORGANISATION_TYPE)),
    practitioners: recursed.has('Schedule:actor:Practitioner'),
    locations: recursed.has('Schedule:actor:Location'),
    organizations: recursed.has('Location:managingOrganization'),
  };
}

/** A date or a time: with its offset, or by the clock on the wall. A date as the end means all of that day. */
function bound(values: readonly string[], prefix: string, which: 'start' | 'end'): EpochMs | null {
  const [text = ''] = values;
  if (values.length !== 1 || !text.startsWith(prefix)) return null;
  // A blank stands for a plus sign that the sender forgot to escape.
  const moment = text.slice(prefix.length).replace(' ', '+');
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(moment)) {
      const date = Temporal.PlainDate.from(moment).add({ days: which === 'end' ? 1 : 0 });
      return date.toZonedDateTime(ZONE).epochMilliseconds;
    }
    if (/(Z|[+-]\d\d:\d\d)$/.test(moment)) return fromInstant(moment);
    return Temporal.PlainDateTime.from(moment).toZonedDateTime(ZONE).epochMilliseconds;
  } catch {
    return null;
  }
}
