import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Never polled, whatever the definition says: link-local and cloud metadata, this-network, multicast, and ways to spell them in IPv6. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addAddress('168.63.129.16', 'ipv4');
never.addSubnet('192.0.0.0', 24, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addSubnet('fec0::', 10, 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');
never.addAddress('fd20:ce::254', 'ipv6');
never.addSubnet('64:ff9b::', 96, 'ipv6');
never.addSubnet('64:ff9b:1::', 48, 'ipv6');
never.addSubnet('2002::', 16, 'ipv6');
never.addSubnet('2001::', 32, 'ipv6');
// IPv4-compatible, but for loopback (`::1`), which is judged with the private ones.
never.addRange('::2', '::ffff:ffff', 'ipv6');

const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');

export const ADDRESS_BLOCKED = 'FEED_ADDRESS_BLOCKED';

class AddressBlocked extends Error {
  readonly code = ADDRESS_BLOCKED;
}

/** Whether an IP address may be polled; loopback and private ones only with `allowPrivate`. */
export function permits(ip: string, allowPrivate: boolean): boolean {
  // A zone (`fe80::1%eth0`) says on which wire, not where.
  const bare = ip.split('%', 1)[0] ?? ip;
  const family = isIPv6(bare) ? 'ipv6' : 'ipv4';
  return isIP(bare) !== 0 && !never.check(bare, family) && (allowPrivate || !inside.check(bare, family));
}

/** A host written as an address never goes through a lookup, so it is judged here; names are judged once resolved. */
export function permitsHost(hostname: string, allowPrivate: boolean): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 || permits(bare, allowPrivate);
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * The lookup of the connection itself: the address that is judged is the one that is connected to, so a name that
 * answers differently the second time (DNS rebinding) gains nothing.
 */
export function guardedLookup(allowPrivate: boolean) {
  return (hostname: string, options: LookupOptions, done: LookupDone): void => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new AddressBlocked('no address'), []);
      if (!addresses.every(({ address }) => permits(address, allowPrivate)))
        return done(new AddressBlocked('address not allowed'), []);
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
