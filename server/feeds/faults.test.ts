import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultOfError, faultOfStatus } from './faults.ts';
import { issueIn, issueOf } from './issues.ts';

const coded = (code: string) => Object.assign(new Error('secret-host.example refused'), { code });
const outcome = (code: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ details: { coding: [{ code }] }, diagnostics: 'Mrs Quillfeather 9434765919' }],
});
const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/fhir/bars-1.4.0/${name}.json`, import.meta.url), 'utf8'));

describe('faults', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'refused'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls-expired'],
    ['CERT_NOT_YET_VALID', 'tls-expired'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls'],
    ['EPROTO', 'tls'],
    ['UND_ERR_BODY_TIMEOUT', 'too-slow'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-mismatch'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_OVERFLOW', 'too-large'],
    ['FEED_ADDRESS_BLOCKED', 'blocked'],
    ['SOMETHING_NEW', 'reset'],
  ])('%s means %s, and says nothing of the address', (code, state) => {
    expect(faultOfError(coded(code)).state).toBe(state);
    expect(faultOfError(new AggregateError([coded(code)])).state).toBe(state);
    expect(faultOfError(coded(code)).fault).not.toContain('secret-host');
  });

  it.each([
    [401, null, 'unauthorised'],
    [403, null, 'forbidden'],
    [404, 'PROXY_NOT_FOUND', 'not-onboarded'],
    [404, 'REC_NOT_FOUND', 'not-found'],
    [404, null, 'not-found'],
    [408, 'REC_TIMEOUT', 'receiver-timeout'],
    [408, null, 'receiver-timeout'],
    [429, null, 'throttled'],
    [500, null, 'server-error'],
    [501, null, 'server-error'],
    [503, 'REC_UNAVAILABLE', 'unavailable'],
    [504, null, 'receiver-timeout'],
    [302, null, 'redirected'],
    [400, 'SEND_BAD_REQUEST', 'unexpected-status'],
    [406, 'SEND_NOT_ACCEPTABLE', 'unexpected-status'],
    [422, null, 'unexpected-status'],
    [204, null, 'unexpected-status'],
    // The code says more than the status it came with.
    [200, 'PROXY_NOT_FOUND', 'not-onboarded'],
    [200, 'REC_UNAVAILABLE', 'unavailable'],
    [500, 'REC_TIMEOUT', 'receiver-timeout'],
    [500, 'SEND_TOO_MANY_REQUESTS', 'throttled'],
    [404, 'ORGANISATION_NOT_FOUND', 'not-found'],
    [422, 'INVALID_PARAMETER', 'unexpected-status'],
    [400, 'BAD_REQUEST', 'unexpected-status'],
    [404, 'NO_RECORD_FOUND', 'not-found'],
    [501, 'NOT_IMPLEMENTED', 'server-error'],
    [500, 'INTERNAL_SERVER_ERROR', 'server-error'],
    [403, 'ASID_CHECK_FAILED', 'forbidden'],
    // But for a sign-in that was refused and a quota that was used up.
    [401, 'REC_BAD_REQUEST', 'unauthorised'],
    [429, 'REC_SERVER_ERROR', 'throttled'],
  ] as const)('status %i with %s is %s', (status, code, state) => {
    const issue = code === null ? null : issueOf(code);
    const found = faultOfStatus(status, issue);
    expect(found.state).toBe(state);
    expect(found.fault).toContain(code === null ? String(status) : `${status} (${code})`);
  });

  it('says whether a supplier named the time to wait', () => {
    expect(faultOfStatus(429, null, 60_000).fault).toContain('to wait 60 seconds');
    expect(faultOfStatus(429, null).fault).toContain('names no time');
  });

  it('reads the code of the published outcomes and leaves their text alone', () => {
    expect(issueIn(published('404-NOT_FOUND-not-found'))?.code).toBe('NOT_FOUND');
    expect(issueIn(published('408-REC_TIMEOUT-timeout'))?.code).toBe('REC_TIMEOUT');
    expect(issueIn(published('429-SEND_TOO_MANY_REQUESTS-throttled'))?.code).toBe('SEND_TOO_MANY_REQUESTS');
    expect(issueIn(outcome('PROXY_NOT_FOUND'))?.code).toBe('PROXY_NOT_FOUND');
  });

  it('goes by the issue type where no code is known, and by the first code that is', () => {
    const issue = [{ code: 'processing', details: { coding: [{ code: 'Mrs Quillfeather' }] } }, { code: 'throttled' }];
    expect(issueIn({ resourceType: 'OperationOutcome', issue })).toMatchObject({ state: 'throttled' });
    const both = [{ code: 'throttled' }, { code: 'processing', details: { coding: [{ code: 'REC_TIMEOUT' }] } }];
    expect(issueIn({ resourceType: 'OperationOutcome', issue: both })?.code).toBe('REC_TIMEOUT');
  });

  it.each([
    [404, 'invalid', 'not-found'],
    [410, 'exception', 'not-found'],
    [408, 'exception', 'receiver-timeout'],
    [504, 'transient', 'receiver-timeout'],
    [503, 'exception', 'unavailable'],
    [503, 'throttled', 'throttled'],
    [502, 'transient', 'unavailable'],
    [500, 'throttled', 'throttled'],
    [500, 'timeout', 'receiver-timeout'],
    [500, 'unknown', 'server-error'],
    [400, 'unknown', 'unexpected-status'],
    [400, 'login', 'unauthorised'],
    [200, 'not-found', 'not-found'],
  ] as const)('status %i with the general issue type %s is %s', (status, code, state) => {
    const issue = issueIn({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });
    expect(faultOfStatus(status, issue).state).toBe(state);
  });

  it('tells the trouble of one service from that of its whole supplier', () => {
    expect(issueOf('REC_TOO_MANY_REQUESTS')?.scope).toBe('target');
    expect(issueOf('PROXY_NOT_FOUND')?.scope).toBe('target');
    expect(issueOf('SEND_TOO_MANY_REQUESTS')?.scope).toBe('supplier');
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{}],
    [outcome('Mrs Quillfeather')],
    [outcome('REC_9434765919')],
    [outcome('REC_QUILLFEATHER')],
    [outcome('REC_ORGANISATION_NOT_FOUND')],
    [outcome('constructor')],
    [outcome('__proto__')],
    [{ resourceType: 'OperationOutcome', issue: 3 }],
    [{ resourceType: 'OperationOutcome', issue: [null, 3, { details: 3 }, { details: { coding: {} } }] }],
  ])('finds no code in %j', (payload) => {
    expect(issueIn(payload)).toBeNull();
  });
});
