import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultOfError, faultOfStatus, issueCode } from './faults.ts';

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
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
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
    [408, 'REC_TIMEOUT', 'timeout'],
    [429, null, 'throttled'],
    [500, null, 'server-error'],
    [501, null, 'server-error'],
    [503, 'REC_UNAVAILABLE', 'unavailable'],
    [504, null, 'timeout'],
    [302, null, 'redirected'],
    [406, 'SEND_NOT_ACCEPTABLE', 'unexpected-status'],
    [204, null, 'unexpected-status'],
  ] as const)('status %i with %s is %s', (status, issue, state) => {
    expect(faultOfStatus(status, issue).state).toBe(state);
  });

  it('reads the code of the published outcomes and leaves their text alone', () => {
    expect(issueCode(published('404-NOT_FOUND-not-found'))).toBe('NOT_FOUND');
    expect(issueCode(published('408-REC_TIMEOUT-timeout'))).toBe('REC_TIMEOUT');
    expect(issueCode(published('429-SEND_TOO_MANY_REQUESTS-throttled'))).toBe('SEND_TOO_MANY_REQUESTS');
    expect(issueCode(outcome('PROXY_NOT_FOUND'))).toBe('PROXY_NOT_FOUND');
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{}],
    [outcome('Mrs Quillfeather')],
    [outcome('REC_9434765919')],
    [{ resourceType: 'OperationOutcome', issue: 3 }],
  ])('finds no code in %j', (payload) => {
    expect(issueCode(payload)).toBeNull();
  });
});
