/** Errors of a GP Connect provider: HTTP status, FHIR issue code, and the display of the Spine's own list. */
export const GP_CONNECT_ERRORS = {
  BAD_REQUEST: { status: 400, issue: 'invalid', display: 'Bad request' },
  INVALID_PARAMETER: { status: 422, issue: 'invalid', display: 'Submitted parameter is invalid' },
  ORGANISATION_NOT_FOUND: { status: 404, issue: 'not-found', display: 'Organisation not found' },
} as const;
export type GpConnectErrorCode = keyof typeof GP_CONNECT_ERRORS;

export function gpConnectOutcome(code: GpConnectErrorCode, diagnostics: string): string {
  const { issue, display } = GP_CONNECT_ERRORS[code];
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    meta: { profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1'] },
    issue: [
      {
        severity: 'error',
        code: issue,
        details: {
          coding: [{ system: 'https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1', code, display }],
        },
        diagnostics,
      },
    ],
  });
}
