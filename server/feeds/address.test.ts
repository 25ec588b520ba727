import { describe, expect, it } from 'vitest';
import { guardedLookup, permits, permitsHost } from './address.ts';

describe('addresses that may be polled', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'fe80::1%eth0',
    'fec0::1',
    '::7f00:1',
    '::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2001:0:a9fe:a9fe::1',
    'fd20:ce::254',
    '168.63.129.16',
    '::ffff:0.0.0.0',
    'no address',
    '',
  ])('never %s', (ip) => {
    expect(permits(ip, true)).toBe(false);
    expect(permits(ip, false)).toBe(false);
  });

  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd12::1',
    '::ffff:10.0.0.1',
  ])('%s only where the definition allows private addresses', (ip) => {
    expect(permits(ip, true)).toBe(true);
    expect(permits(ip, false)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2a00:1450:4009::1'])('%s always', (ip) => {
    expect(permits(ip, false)).toBe(true);
  });

  it('sees through the ways to write an address as a host', () => {
    for (const url of [
      'http://2130706433/',
      'http://0x7f.1/',
      'http://127.1/',
      'http://[::1]/',
      'http://[::ffff:7f00:1]/',
    ])
      expect(permitsHost(new URL(url).hostname, false)).toBe(false);
    expect(permitsHost('feeds.example.org', false)).toBe(true);
  });

  it('judges a name by what it resolves to, at the moment of connecting', async () => {
    const look = (allowPrivate: boolean, name = 'localhost') =>
      new Promise<string>((resolve) => {
        guardedLookup(allowPrivate)(name, { all: true }, (error) => {
          resolve(error && 'code' in error ? String(error.code) : 'allowed');
        });
      });
    expect(await look(false)).toBe('FEED_ADDRESS_BLOCKED');
    expect(await look(true)).toBe('allowed');
    // Some resolvers know it with its dot, some do not; none lets it through.
    expect(await look(false, 'localhost.')).not.toBe('allowed');
  });
});
