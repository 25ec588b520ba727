import { toInstant } from '#shared/model/time.ts';
import type { FeedPatch } from '#shared/model/unit.ts';
import type { FeedControl, KeptAnswer, QuarantineView } from '../../server/domain/ports.ts';
import { smallDefinition, telephonyFeed } from './definition.ts';
import { createMemoryBoard, MONDAY_8AM, type MemoryBoard } from './memory-board.ts';
import { noControl } from './server.ts';

export const CALLS = 'telephony-test';
export const OTHER = 'telephony-other';

const well = (id: string): FeedPatch => ({
  id,
  state: 'ok',
  fault: '',
  observedAt: toInstant(MONDAY_8AM),
  receivedAt: toInstant(MONDAY_8AM),
  polledAt: toInstant(MONDAY_8AM),
  since: toInstant(MONDAY_8AM),
  latencyMs: 12,
  volume: 2,
});
/** A feed that has not answered for ten minutes. */
export const silent = (id: string): FeedPatch => ({
  ...well(id),
  state: 'timeout',
  fault: 'no answer within 2 s',
  observedAt: toInstant(MONDAY_8AM - 600_000),
  failures: 3,
});

/** Two suppliers' telephones, each one answer for two practices; everything else of the system has no feed. */
export function twoSuppliers(): MemoryBoard {
  const feeds = [
    telephonyFeed(['P1', 'P2']),
    { ...telephonyFeed(['P3', 'P4']), id: OTHER, supplier: 'other-telecom', label: 'Other queue' },
  ];
  const board = createMemoryBoard(smallDefinition({ feeds }));
  const waiting = { value: 3, absence: null, observedAt: toInstant(MONDAY_8AM) };
  board.change(
    ['P1', 'P2', 'P3', 'P4'].map((id, i) => {
      const feed = i < 2 ? CALLS : OTHER;
      return { id, level: 1, coverage: 1, feeds: [feed], metrics: { 'calls.waiting': { ...waiting, feed } } };
    }),
    [well(CALLS), well(OTHER)],
  );
  return board;
}

/** Does to the board what the poller would, once it was asked to. */
export function control(board: MemoryBoard, answer: KeptAnswer | null = null): FeedControl & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    ...noControl(board),
    asked,
    pollNow: (ids, keep) => (asked.push(['poll', ids, keep]), ids.length),
    pause(ids, { by, reason, until: end }) {
      asked.push(['pause', ids, reason, end]);
      const paused = { by, reason, at: toInstant(board.at), until: end === null ? null : toInstant(end) };
      board.change(
        [],
        ids.map((id) => ({ id, state: 'paused', paused, nextPollAt: null })),
      );
      return ids.length;
    },
    resume(ids) {
      asked.push(['resume', ids]);
      board.change(
        [],
        ids.map((id) => ({ ...well(id), paused: null })),
      );
      return ids.length;
    },
    readAgain: async (group) => (asked.push(['read again', group]), { records: 3, taken: 2, refused: 1 }),
    answer: () => answer,
  };
}

/** One kind of refusal, three records. */
export const refused: QuarantineView = {
  groups: () => [
    {
      key: 'one',
      supplier: 'other-telecom',
      adapter: 'telephony-queues',
      field: '/queues/*/waiting',
      reason: 'less than zero',
      example: '-1',
      count: 3,
      kept: 3,
      feeds: [OTHER],
      firstAt: MONDAY_8AM,
      lastAt: MONDAY_8AM,
      history: [0, 3],
    },
  ],
  records: () => [
    {
      id: '1',
      feed: OTHER,
      supplier: 'other-telecom',
      adapter: 'telephony-queues',
      at: MONDAY_8AM,
      place: '/queues/0/waiting',
      field: '/queues/*/waiting',
      reason: 'less than zero',
      record: '{"odsCode":"P3","waiting":-1}',
      state: 'kept',
    },
  ],
  today: () => 3,
  note: () => '',
};
