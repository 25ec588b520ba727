import { describe, expect, it } from 'vitest';
import { createFiller, fillSecrets } from './secrets.ts';

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

  it.each(['${TOKEN}', 'Bearer ${TOKEN}', 'no secret', '${TOKEN}${USER}', '${MISSING}', 'a ${EMPTY}', '${lower}', ''])(
    'fills %j again and again as it does once',
    (template) => {
      const fill = createFiller(template);
      for (let i = 0; i < 2; i++) expect(fill(secret)).toEqual(fillSecrets(template, secret));
    },
  );

  it('follows a secret that changes, goes and comes back', () => {
    const fill = createFiller('${A}');
    const filled = ['one', 'two', undefined, 'two'].map((value) => fill(() => value));
    expect(filled).toEqual([
      { ok: true, text: 'one' },
      { ok: true, text: 'two' },
      { ok: false, missing: 'A' },
      { ok: true, text: 'two' },
    ]);
  });
});
