import { describe, expect, it } from 'vitest';
import { fillHeaders, fillSecrets } from './secrets.ts';

const secret = (name: string) => ({ TOKEN: 's3cret', USER: 'reader', PASSWORD: 'pä:ss', EMPTY: '' })[name];

describe('secrets of a feed', () => {
  it('fills names in an address, and leaves what is no name', () => {
    expect(fillSecrets('http://x/{ods}?k=${TOKEN}&${lower}', secret)).toEqual({
      ok: true,
      text: 'http://x/{ods}?k=s3cret&${lower}',
    });
  });

  it('fills a value as it is, also one that looks like a template', () => {
    expect(fillSecrets('${A}', () => '${TOKEN}$&')).toEqual({ ok: true, text: '${TOKEN}$&' });
  });

  it.each(['MISSING', 'EMPTY'])('names the secret that is not set: %s', (name) => {
    expect(fillSecrets(`\${TOKEN} \${${name}}`, secret)).toEqual({ ok: false, missing: name });
  });

  it('makes bearer and basic lines', () => {
    expect(fillHeaders({ 'X-Key': '${TOKEN}' }, [{ type: 'bearer', token: '${TOKEN}' }], secret)).toEqual({
      ok: true,
      headers: { 'x-key': 's3cret', authorization: 'Bearer s3cret' },
    });
    const basic = fillHeaders({}, [{ type: 'basic', user: '${USER}', password: '${PASSWORD}' }], secret);
    const line = basic.ok ? (basic.headers['authorization'] ?? '') : '';
    expect(Buffer.from(line.replace('Basic ', ''), 'base64').toString('utf8')).toBe('reader:pä:ss');
  });

  it('names what is missing in a sign-in', () => {
    expect(fillHeaders({}, [{ type: 'basic', user: 'u', password: '${NOPE}' }], secret)).toEqual({
      ok: false,
      missing: 'NOPE',
    });
  });
});
