import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedState } from '#shared/model/absence.ts';
import type { PollOutcome } from '../../server/domain/ports.ts';
import { FAULTS, SITE } from '../fixtures/feeds/fault-matrix.ts';
import { createFaultServer } from '../fixtures/feeds/fault-server.ts';
import { createRealClock, setUpPolling, type Polling } from '../fixtures/feeds/polling.ts';
import { feedOf, siteOf } from '../fixtures/feeds/samples.ts';
import { until } from '../fixtures/feeds/supplier.ts';
import { createAuthority, type IssueOptions } from '../support/certificates.ts';
import { startTlsSupplier, type TlsSupplier } from '../support/tls-supplier.ts';

const HEALTHY = Array.from({ length: 20 }, (_, i) => `P82${String(i).padStart(3, '0')}`);
const server = createFaultServer();
/** Faults of the secure connection need a server each. */
const CERTIFICATES: readonly (readonly [name: string, state: FeedState, options: IssueOptions])[] = [
  ['expired certificate', 'tls-expired', { from: -30, until: -1 }],
  ['wrong certificate', 'tls-mismatch', { host: 'somebody.example.org' }],
];
const CASES = [...FAULTS, ...CERTIFICATES.map(([name, state]) => ({ name, state }))];
const suppliers: TlsSupplier[] = [];
let polling: Polling;
const of = (id: string): PollOutcome[] => polling.of(id);

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const common = { schedule: '* * * * * *', timeoutMs: 800, maxBytes: 1024 * 1024 };
  // One supplier each, as the contract has it: a supplier that asks for patience must not hold another one.
  const faulty = FAULTS.map((_, i) =>
    feedOf('telephony-queues', {
      ...common,
      id: `fault-${i}`,
      supplier: `s-${i}`,
      url: `${origin}/fault/${i}`,
      sites: [SITE],
    }),
  );
  const issuer = await createAuthority();
  const own = await issuer.issue('Headroom');
  for (const [, , options] of CERTIFICATES)
    suppliers.push(await startTlsSupplier({ shows: await issuer.issue('Supplier', options) }));
  const secure = suppliers.map(({ url }, i) =>
    feedOf('telephony-queues', {
      ...common,
      id: `fault-${FAULTS.length + i}`,
      supplier: `tls-${i}`,
      url,
      sites: [SITE],
      auth: [{ type: 'mtls', certificate: '${CERT}', key: '${KEY}', ca: '${CA}' }],
    }),
  );
  const healthy = HEALTHY.map((site) =>
    feedOf('telephony-queues', {
      ...common,
      id: site.toLowerCase(),
      supplier: 'well',
      url: `${origin}/good/${site}`,
      sites: [site],
    }),
  );
  polling = setUpPolling({
    units: [siteOf(SITE), ...HEALTHY.map((site) => siteOf(site))],
    feeds: [...faulty, ...secure, ...healthy],
    secrets: { CERT: own.certificate, KEY: own.key, CA: issuer.certificate },
    clock: createRealClock(),
  });
  polling.poller.start();
  // Whoever is asked for patience is not polled a second time so soon: its state is there with the first.
  const shown = (state: string, i: number) =>
    of(`fault-${i}`).length >= 2 || of(`fault-${i}`).some((outcome) => outcome.state === state);
  await until(() => CASES.every(({ state }, i) => shown(state, i)), 'every faulty feed was polled twice', 60_000);
  await until(() => HEALTHY.every((site) => of(site.toLowerCase()).length >= 3), 'every healthy feed went on', 30_000);
}, 90_000);

afterAll(async () => {
  await polling.poller.stop();
  await Promise.all(suppliers.map((supplier) => supplier.close()));
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe('the fault matrix', () => {
  it.each(CASES.map(({ name, state }, i) => [name, state, i] as const))(
    '%s is %s within two polls, in words of its own',
    (_, state, i) => {
      const first = of(`fault-${i}`).slice(0, 2);
      expect(first.map((outcome) => outcome.state)).toContain(state);
      expect(first.find((outcome) => outcome.state === state)?.fault).not.toBe('');
    },
  );

  it('gives no two faults the same words', () => {
    const words = CASES.map(({ state }, i) => of(`fault-${i}`).find((outcome) => outcome.state === state)?.fault);
    expect(new Set(words).size).toBe(CASES.length);
  });

  it('leaves every healthy feed well on every poll', () => {
    for (const site of HEALTHY) {
      const own = of(site.toLowerCase());
      expect(own.map(({ state }) => state)).toEqual(own.map(() => 'ok'));
    }
  });
});
