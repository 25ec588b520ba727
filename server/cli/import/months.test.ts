import { expect, test } from 'vitest';
import type { PublishedMonth } from '#shared/model/definition.ts';
import { fromPeers } from './months.ts';

const peer = (list: number, perPatient: number) => {
  const inbound = list * perPatient;
  const month: PublishedMonth = {
    site: `P${list}`,
    month: '2025-10',
    basis: 'own',
    inbound,
    answered: inbound * 0.6,
    endedInIvr: inbound * 0.25,
    callbackRequested: inbound * 0.05,
    callbackMade: inbound * 0.04,
    missed: inbound * 0.1,
    answeredWait: [inbound * 0.3, inbound * 0.1, inbound * 0.1, inbound * 0.1],
    missedWait: [inbound * 0.05, inbound * 0.02, inbound * 0.02, inbound * 0.01],
    online: 5,
  };
  return { list, month };
};

test('a month from peers scales to the list, adds up, and is marked', () => {
  const month = fromPeers(
    { code: 'P1', list: 5000 },
    '2025-10',
    [4000, 5000, 6000].map((list) => peer(list, 0.5)),
  );
  expect(month).toMatchObject({
    basis: 'peers',
    inbound: 2500,
    answered: 1500,
    endedInIvr: 625,
    callbackRequested: 125,
    missed: 250,
  });
  expect(month?.answeredWait).toEqual([750, 250, 250, 250]);
  expect(month?.online).toBeNull();
});

test('only the ten practices nearest in size count, and one odd one does not move the median', () => {
  const near = Array.from({ length: 9 }, (_, i) => peer(5000 + i, 0.5));
  const month = fromPeers({ code: 'P1', list: 5000 }, '2025-10', [
    ...near,
    peer(5010, 9),
    peer(30_000, 2),
    peer(20_000, 2),
  ]);
  expect(month?.inbound).toBe(2500);
});

test('without any peer there is no month rather than a zero', () => {
  expect(fromPeers({ code: 'P1', list: 5000 }, '2025-10', [])).toBeNull();
});
