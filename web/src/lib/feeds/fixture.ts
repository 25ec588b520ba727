import type { FeedBlock, FeedCause, FeedCoverage, FeedsSummary, QuarantineGroupBody } from '$shared/protocol/feeds';
import type { FeedStatus } from '$shared/model/unit';

const AT = '2026-11-23T09:42:00.000Z';

/** Plausible parts of the feeds screen for tests; whatever matters is given. */
export function blockOf(supplier: string, states: string, given: Partial<FeedBlock> = {}): FeedBlock {
  const sites = [...states].map((_state, index) => `${supplier || 'none'}-${index}`);
  return {
    supplier,
    supplierName: supplier,
    sites,
    feeds: sites.map((site) => (supplier ? `${supplier}:${site}` : '')),
    states,
    fresh: '4'.repeat(states.length),
    causes: [],
    ...given,
  };
}

export function causeOf(letter: string, given: Partial<FeedCause> = {}): FeedCause {
  return {
    letter,
    key: `key-${letter}`,
    title: 'The supplier does not answer',
    where: 'Telephony, Calder Voice: 7 in Oldham, since 9:29am',
    since: AT,
    todo: 'Nothing to do here.',
    more: '',
    owner: 'supplier',
    expectedMs: 180_000,
    ageMs: 780_000,
    hides: '7 practices unknown',
    hidesMore: '52,310 patients',
    patients: 52_310,
    feeds: [`feed-${letter}`],
    sites: ['P1'],
    nextPollAt: null,
    latencyMs: null,
    action: 'poll',
    ...given,
  };
}

export function groupOfRecords(key: string, given: Partial<QuarantineGroupBody> = {}): QuarantineGroupBody {
  return {
    key,
    supplier: 'calder-voice',
    supplierName: 'Calder Voice',
    adapter: 'telephony-queues',
    label: 'Telephony queues',
    field: '/queues/*/longestWaitSeconds',
    reason: 'is negative',
    example: '-1',
    count: 9,
    kept: 9,
    feeds: ['feed-A'],
    firstAt: '2026-11-23T08:02:00.000Z',
    lastAt: AT,
    history: [0, 9],
    cause: null,
    ...given,
  };
}

export function coverageOf(unit: string, live: number, given: Partial<FeedCoverage> = {}): FeedCoverage {
  const families = { telephony: { live, trouble: 0 } };
  return { unit, name: unit, kind: 'place', patients: 1000, families, level: live, ...given };
}

export function summaryOf(given: Partial<FeedsSummary> = {}): FeedsSummary {
  return {
    at: AT,
    counts: { of: 4, live: 4, trouble: 0, causes: 0 },
    coverage: 1,
    marks: { o: 4 },
    sentence: '',
    stopped: null,
    field: [{ family: 'telephony', label: 'Telephony', blocks: [blockOf('calder-voice', 'oooo')] }],
    causes: [],
    lastHour: { began: 0, mended: 0 },
    mended: [],
    coverageBy: [],
    quarantine: { today: 0, note: '', groups: [] },
    clock: { offMs: null, text: '' },
    ...given,
  };
}

export function feedOf(id: string, given: Partial<FeedStatus> = {}): FeedStatus {
  return {
    id,
    feed: id.split(':')[0] ?? id,
    adapter: 'bars-slots',
    supplier: 'alder-clinical',
    label: 'Practice slots',
    sites: ['P1'],
    state: 'ok',
    fault: '',
    observedAt: '2026-11-23T09:41:40.000Z',
    receivedAt: AT,
    polledAt: AT,
    everyMs: 60_000,
    staleAfterMs: 180_000,
    latencyMs: 42,
    rejected: 0,
    since: null,
    nextPollAt: '2026-11-23T09:42:40.000Z',
    failures: 0,
    volume: 12,
    usualVolume: null,
    rejectedToday: 0,
    paused: null,
    ...given,
  };
}
