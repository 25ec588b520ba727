import { randomUUID } from 'node:crypto';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import type { FeedInstance } from '../../domain/feed-instances.ts';
import type { AdapterRequest, Asking } from './adapter.ts';
import { daysLater, londonQuery, rootOf } from './fhir-query.ts';

export const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code';
const ORGANISATION_TYPE = 'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1';
const INTERACTION = 'urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1';

/** A provider refuses more than two weeks, by the clock or by the calendar: in autumn 14 days are an hour longer. */
const LONGEST_MS = 14 * 24 * 3_600_000;

export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * The days that are searched, in calls of at most two weeks. Each ends at a London midnight: a provider leaves out slots
 * that straddle an end of the window, and none is planned across midnight.
 */
export function windowsOf(day: EpochMs, days: number): readonly [Window, ...Window[]] {
  const from = day;
  let length = Math.min(14, days);
  while (length > 1 && daysLater(day, length) - from > LONGEST_MS) length--;
  const to = daysLater(day, length);
  return length < days ? [{ from, to }, ...windowsOf(to, days - length)] : [{ from, to }];
}

/**
 * The query of one window. Without the filters only slots without any restriction come back: they name who would book.
 * `start` and `end` once each; slots in the past may be searched for, so that the address stays the same all day.
 */
export function searchQuery(instance: FeedInstance, { from, to }: Window, requester: string): string {
  const [, own] = rootOf(instance);
  const filter = (system: string, code: string) => `searchFilter=${encodeURIComponent(`${system}|${code}`)}`;
  return [
    ...(own === '' ? [] : [own]),
    'status=free',
    `start=ge${londonQuery(from)}`,
    `end=le${londonQuery(to)}`,
    '_include=Slot:schedule',
    '_include:recurse=Schedule:actor:Location',
    '_include:recurse=Location:managingOrganization',
    filter(ODS, requester),
    // A control room looks for what urgent care may book, unless the feed's own address says who else is asking.
    ...(own.includes('GPConnect-OrganisationType-1') ? [] : [filter(ORGANISATION_TYPE, 'urgent-care')]),
  ].join('&');
}

export function slotRequest(asking: Asking, days: number): AdapterRequest {
  const { instance, requester, now } = asking;
  const [first] = windowsOf(dayStart(now), days);
  return {
    url: `${rootOf(instance)[0]}/Slot?${searchQuery(instance, first, requester)}`,
    headers: headersOf(asking),
  };
}

/** Header lines of the Spine Secure Proxy. What the feed's own headers name is left to them. */
function headersOf(asking: Asking): Record<string, string> {
  const { feed, sites } = asking.instance;
  const asid = sites[0]?.identifiers['asid'];
  const headers: Record<string, string> = {
    accept: 'application/fhir+json',
    'ssp-traceid': randomUUID(),
    'ssp-from': '${SSP_FROM_ASID}',
    'ssp-interactionid': INTERACTION,
    ...(asid === undefined ? {} : { 'ssp-to': asid }),
    // A client certificate says which machine asks; who asks is the token's business.
    ...(feed.auth.every(({ type }) => type === 'mtls') ? { authorization: `Bearer ${auditToken(asking)}` } : {}),
  };
  const own = new Set(Object.keys(feed.headers).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/**
 * GP Connect's audit trail as an unsigned token (RFC 7519, section 6), good for five minutes. No person asks, so the
 * software stands where a practitioner would.
 */
function auditToken({ instance, requester, now }: Asking): string {
  const site = instance.sites[0];
  const seconds = Math.floor(now / 1000);
  const organisation = (code: string) => ({
    resourceType: 'Organization',
    identifier: [{ system: ODS, value: code }],
  });
  const claims = {
    iss: `urn:nhs-uk:addressing:ods:${requester}`,
    sub: 'headroom',
    // Where the host is a `${NAME}`, it is filled in after this: the path still says which site's records are meant.
    aud: rootOf(instance)[0].replace(/\$\{[A-Z0-9_]+\}/g, ''),
    exp: seconds + 300,
    iat: seconds,
    reason_for_request: 'directcare',
    requested_record: organisation(site?.odsCode ?? site?.id ?? ''),
    requested_scope: 'organization/*.read',
    requesting_device: {
      resourceType: 'Device',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/product-id', value: 'headroom' }],
      model: 'Headroom',
      version: '1',
    },
    requesting_organization: { ...organisation(requester), name: requester },
    requesting_practitioner: {
      resourceType: 'Practitioner',
      id: 'headroom',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/product-id', value: 'headroom' }],
      name: [{ family: 'Headroom' }],
    },
  };
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`;
}
