import { randomUUID } from 'node:crypto';

/** Errors of the BaRS proxy and receiver: HTTP status, issue code, and the code of the standard's own list. */
export const FHIR_ERRORS = {
  SEND_BAD_REQUEST: { status: 400, issue: 'invalid' },
  SEND_UNAUTHORIZED: { status: 401, issue: 'login' },
  SEND_FORBIDDEN: { status: 403, issue: 'forbidden' },
  PROXY_NOT_FOUND: { status: 404, issue: 'not-found' },
  REC_NOT_FOUND: { status: 404, issue: 'not-found' },
  SEND_METHOD_NOT_ALLOWED: { status: 405, issue: 'not-supported' },
  SEND_NOT_ACCEPTABLE: { status: 406, issue: 'not-supported' },
  REC_PRECONDITION_FAILED: { status: 412, issue: 'conflict' },
  REC_TIMEOUT: { status: 408, issue: 'timeout' },
  SEND_TOO_MANY_REQUESTS: { status: 429, issue: 'throttled' },
  REC_SERVER_ERROR: { status: 500, issue: 'exception' },
  REC_UNAVAILABLE: { status: 503, issue: 'transient' },
} as const;
export type FhirErrorCode = keyof typeof FHIR_ERRORS;

/** The usual code for a status that a script asks for. */
export function codeOfStatus(status: number): FhirErrorCode {
  if (status === 404) return 'REC_NOT_FOUND';
  const codes = Object.keys(FHIR_ERRORS) as FhirErrorCode[];
  return codes.find((code) => FHIR_ERRORS[code].status === status) ?? 'REC_UNAVAILABLE';
}

export const operationOutcome = (code: FhirErrorCode, diagnostics: string): string =>
  outcomeOf(code, FHIR_ERRORS[code].issue, diagnostics);

/** What is wrong with one entry of a Bundle. */
export interface EntryFault {
  readonly entry: number;
  readonly diagnostics: string;
}

/** One issue for each entry that stands in the way. */
export const entriesOutcome = (code: FhirErrorCode, faults: readonly EntryFault[]): string =>
  outcome(
    faults.map(({ entry, diagnostics }) => ({
      ...issueOf(code, FHIR_ERRORS[code].issue, diagnostics),
      expression: [`Bundle.entry[${String(entry)}]`],
    })),
  );

/** `code` may be one that only a script knows. */
export const outcomeOf = (code: string, issue: string, diagnostics: string): string =>
  outcome([issueOf(code, issue, diagnostics)]);

const issueOf = (code: string, issue: string, diagnostics: string) => ({
  severity: 'error',
  code: issue,
  details: { coding: [{ system: 'https://fhir.nhs.uk/Codesystem/http-error-codes', code }] },
  diagnostics,
});

const outcome = (issue: readonly object[]): string =>
  JSON.stringify({
    resourceType: 'OperationOutcome',
    id: randomUUID(),
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-OperationOutcome'] },
    issue,
  });
