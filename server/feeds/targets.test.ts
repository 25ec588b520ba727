import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTargets } from './targets.ts';

const targets = createTargets(false);
afterAll(() => targets.close());

const path = (address: string) => targets.of(address)?.path ?? null;

describe('addresses that are asked', () => {
  it('reads an address that it has seen the origin of as the URL standard does', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2E%2e',
        '//',
        '/',
        '?',
        '#',
        '\\',
        '|',
        '"',
        'é',
        ' ',
        '%zz',
        "'",
        '{',
        '@',
        ':',
      ),
      fc.string({ maxLength: 6 }),
    );
    targets.of('https://feeds.example.org/');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const address = `https://feeds.example.org/${pieces.join('')}`;
        const url = new URL(address);
        expect(path(address)).toBe(url.pathname + url.search);
        expect(targets.of(address)?.href.split('#')[0]).toBe(url.href.split('#')[0]);
      }),
      { seed: 3, numRuns: 5000 },
    );
  });

  it.each([
    'ftp://feeds.example.org/',
    'https://reader:secret@feeds.example.org/',
    'https://reader@feeds.example.org/',
    'not an address',
    'https://',
    '//feeds.example.org/',
    'https://[fe80::1%25eth0]/',
    'file:///etc/passwd',
  ])('cannot use %s, the second time neither', (address) => {
    expect([targets.of(address), targets.of(address)]).toEqual([null, null]);
  });

  it.each([
    'http://169.254.169.254/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[64:ff9b:1::a9fe:a9fe]/',
    'http://[::a9fe:a9fe]/',
    'http://①⑥⑨.254.169.254/',
    'http://127.0.0.1:8080/',
    'http://127.1/',
    'http://0/',
    'http://[::1]/',
  ])('knows what is not to be polled however it is written: %s', (address) => {
    expect(targets.of(address)?.origin.allowed).toBe(false);
    expect(targets.of(`${address}more`)?.origin.allowed).toBe(false);
  });

  it('follows where it is led, and says to which origin', () => {
    const from = targets.of('https://feeds.example.org/a/b?c');
    expect(from && targets.next('../d', from)?.path).toBe('/d');
    expect(from && targets.next('//other.example.org/x', from)?.origin.origin).toBe('https://other.example.org');
    expect(from && targets.next('http://169.254.169.254/', from)?.origin.allowed).toBe(false);
    expect(from && targets.next('javascript:1', from)).toBeNull();
  });

  it('takes two spellings of an origin for one', () => {
    const [a, b] = [targets.of('https://Feeds.Example.org:443/x'), targets.of('https://feeds.example.org/x')];
    expect(a?.origin.origin).toBe(b?.origin.origin);
    expect(a?.origin.pool(null)).toBe(b?.origin.pool(null));
  });
});
