import type { IncomingHttpHeaders } from 'node:http';
import type { UnitDef } from '#shared/model/definition.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { codeOf } from '../directory.ts';
import type { SlotSearch } from '../wire/slot-bundle.ts';
import { dosOf } from '../wire/slot-resources.ts';
import { fhirError, type Answer } from './exchange.ts';

const REQUIRED = [
  'nhsd-target-identifier',
  'nhsd-end-user-organisation',
  'nhsd-requesting-software',
  'x-request-id',
  'x-correlation-id',
  'accept',
] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SUPPORTED_INCLUDES = new Set([
  'Slot:schedule',
  'Schedule:actor:HealthcareService',
  'Schedule:actor:Practitioner',
  'Schedule:actor:PractitionerRole',
  'HealthcareService:location',
]);
const DOS = 'https://fhir.nhs.uk/Id/dos-service-id';
const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code';

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };
const refused = (answer: Answer) => ({ ok: false, answer }) as const;

/** The headers that BaRS requires, and that the target is the service behind this address. Null when all is well. */
export function barsHeaderFault(headers: IncomingHttpHeaders, site: UnitDef): Answer | null {
  for (const name of REQUIRED) {
    if (typeof headers[name] !== 'string') return fhirError('SEND_BAD_REQUEST', `header ${name} is missing`);
  }
  for (const name of ['x-request-id', 'x-correlation-id']) {
    if (!UUID.test(String(headers[name]))) return fhirError('SEND_BAD_REQUEST', `header ${name} is not a UUID`);
  }
  if (!/application\/fhir\+json\s*;\s*version=1\.\d+\.\d+/.test(String(headers.accept))) {
    return fhirError('SEND_NOT_ACCEPTABLE', 'header accept does not name a version of the standard');
  }
  const target = decode(headers['nhsd-target-identifier']);
  if (target === null) return fhirError('SEND_BAD_REQUEST', 'header nhsd-target-identifier is not base64 JSON');
  const { system, value } = target;
  const meant = (system === DOS && value === dosOf(site)) || (system === ODS && value === codeOf(site));
  return meant ? null : fhirError('PROXY_NOT_FOUND', 'the target is not in the endpoint catalogue');
}

/** The code of the service that the request is meant for, or nothing. */
export function targetOf(headers: IncomingHttpHeaders): string {
  const value = decode(headers['nhsd-target-identifier'])?.value;
  return typeof value === 'string' ? value : '';
}

function decode(header: string | string[] | undefined): { system?: unknown; value?: unknown } | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(header), 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** The query of a slot search: `status` once as a list, `start` twice, the two includes that are the least. */
export function slotSearch(url: URL, site: UnitDef): Checked<SlotSearch> {
  const query = url.searchParams;
  const status = query.getAll('status');
  const wanted = (status[0] ?? '').split(',');
  if (status.length !== 1 || !wanted.every((word) => word === 'free' || word === 'busy')) {
    return refused(fhirError('SEND_BAD_REQUEST', 'status must be given once, as free, busy or both with a comma'));
  }
  const window = startWindow(query.getAll('start'));
  if (!window) return refused(fhirError('SEND_BAD_REQUEST', 'start must be given twice, as ge and le, with an offset'));
  const includes = query.getAll('_include');
  for (const least of ['Slot:schedule', 'Schedule:actor:HealthcareService']) {
    if (!includes.includes(least) && !includes.includes('Slot:*')) {
      return refused(fhirError('SEND_BAD_REQUEST', `_include ${least} is missing`));
    }
  }
  const service = query.get('Schedule.actor:HealthcareService');
  if (service !== null && service !== dosOf(site)) {
    return refused(fhirError('REC_NOT_FOUND', 'there is no such service here'));
  }
  const honoured = includes.includes('Slot:*')
    ? [...SUPPORTED_INCLUDES]
    : includes.filter((i) => SUPPORTED_INCLUDES.has(i));
  const self = new URL(url);
  self.searchParams.delete('_include');
  for (const include of honoured) self.searchParams.append('_include', include);
  return {
    ok: true,
    value: {
      free: wanted.includes('free'),
      busy: wanted.includes('busy'),
      ...window,
      includes: new Set(honoured),
      self: self.href,
    },
  };
}

function startWindow(values: readonly string[]): { from: EpochMs; to: EpochMs } | null {
  const bound = (prefix: string) => values.find((value) => value.startsWith(prefix))?.slice(prefix.length);
  const from = instant(bound('ge'));
  const to = instant(bound('le'));
  return values.length === 2 && from !== null && to !== null ? { from, to } : null;
}

/** An RFC 3339 instant, or null. A blank stands for a `+` that the sender forgot to escape. */
export function instant(text: string | undefined): EpochMs | null {
  if (text === undefined) return null;
  try {
    return fromInstant(text.replace(' ', '+'));
  } catch {
    return null;
  }
}
