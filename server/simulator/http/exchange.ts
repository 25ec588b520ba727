import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EpochMs } from '#shared/model/time.ts';
import { FHIR_ERRORS, operationOutcome, type FhirErrorCode } from '../wire/operation-outcome.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const FHIR_TYPE = 'application/fhir+json; version=1.4.0; charset=utf-8';

/** An answer before it is sent. `body` is called only when the client does not already have it. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: () => string;
}

export const jsonAnswer = (value: object, status = 200): Answer => ({
  status,
  type: JSON_TYPE,
  body: () => JSON.stringify(value),
});

export const fhirError = (code: FhirErrorCode, diagnostics: string): Answer => ({
  status: FHIR_ERRORS[code].status,
  type: FHIR_TYPE,
  body: () => operationOutcome(code, diagnostics),
});

/** Ids that BaRS wants mirrored back. */
const MIRRORED = ['x-request-id', 'x-correlation-id'] as const;

/** Sends the answer with the product's time as `Date`; 304 without a body where `If-None-Match` names the ETag. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, at: EpochMs): void {
  response.setHeader('Date', new Date(at).toUTCString());
  response.setHeader('Cache-Control', 'no-cache');
  for (const name of MIRRORED) {
    const value = request.headers[name];
    if (typeof value === 'string') response.setHeader(name, value);
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.etag !== undefined) {
    response.setHeader('ETag', answer.etag);
    if (matches(request.headers['if-none-match'], answer.etag)) {
      response.writeHead(304).end();
      return;
    }
  }
  const body = Buffer.from(answer.body(), 'utf8');
  response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Weak comparison, as conditional requests want it. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag));
}
