import { onTestFinished } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import { createBoard, type Board } from '../../server/board/board.ts';
import { handClock, outcome, phones, slotGroup, testDefinition, type HandClock } from '../../server/board/fixture.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import type { Commit, Normal, PollOutcome } from '../../server/domain/ports.ts';
import { createBoardCopies, type BoardCopies } from '../../server/domain/replay/copies.ts';
import { connectDatabase, type Database } from '../../server/store/database.ts';
import type { Follower } from '../../server/store/follower.ts';
import { openJournal, type DiskJournal } from '../../server/store/journal.ts';
import { prepareFollower } from '../../server/store/prepare.ts';
import { demonstrationRun, silent, temporaryFolder } from './store-fixture.ts';

export const SMALL = testDefinition({ places: 1, neighbourhoods: 2, practices: 2 });
const SITES = SMALL.units.filter((unit) => unit.siteKind === 'practice').map(({ id }) => id);
const NOTHING_USUAL: Normal = { usual: () => null, label: 'none' };

/** What the board showed at one revision, as it was then: units are never changed in place. */
export interface Seen {
  readonly at: number;
  readonly epoch: string;
  readonly seq: number;
  readonly units: readonly Unit[];
  readonly feeds: readonly FeedStatus[];
}

/** Every whole number below `below`, from a seed. */
export type Roll = (below: number) => number;

/** A poll of one of the small system's feeds: figures, refusals, silence. */
export function anyOutcome(roll: Roll, at: number): PollOutcome {
  const fault = roll(6);
  const site = SITES[roll(SITES.length)] ?? '';
  const feed = roll(3) > 0 ? 'phones' : `slots:${site}`;
  if (fault === 0) return outcome(feed, at, { state: 'timeout', observedAt: null, fault: 'no answer within 5 s' });
  if (fault === 1)
    return outcome(feed, at, { state: 'throttled', observedAt: null, fault: 'told to wait', failures: 2 });
  const given = {
    observedAt: at - roll(20) * 1000,
    ...(fault === 2 ? { state: 'partly-rejected' as const, rejected: 2 } : {}),
  };
  if (feed !== 'phones') {
    const start = Math.ceil(at / 3_600_000) * 3_600_000;
    return outcome(feed, at, { ...given, slots: [{ site, groups: [slotGroup(start, roll(4), roll(9))] }] });
  }
  const readings = SITES.filter(() => roll(4) > 0).flatMap((id) =>
    phones(id, { 'calls.waiting': roll(25), 'calls.longest-wait': roll(1500), 'calls.inbound': 20 + roll(200) }),
  );
  return outcome(feed, at, { ...given, readings });
}

/** A board with its journal and whoever takes that into the database, all of which can be killed and started again. */
export interface RecordedWorld {
  readonly clock: HandClock;
  readonly board: Board;
  readonly journal: DiskJournal;
  readonly database: Database;
  /** Every revision so far, of all boards. */
  readonly seen: Seen[];
  /** One tick with these outcomes. */
  tick(outcomes?: readonly PollOutcome[]): Commit | null;
  /** Takes some of what the journal has into the database; all of it by default. */
  follow(batches?: number): Promise<void>;
  /** As after kill -9 (or `clean`, with a checkpoint): a new board from the journal, a new follower from the database. */
  restart(change?: {
    readonly definition?: Definition;
    readonly lostJournal?: boolean;
    readonly clean?: boolean;
  }): Promise<void>;
}

export interface WorldOptions {
  readonly url: string;
  readonly run: string;
  readonly start?: string;
  readonly retentionMs?: number;
  readonly byteBudget?: number;
}

export async function recordedWorld({ url, run, start, ...given }: WorldOptions): Promise<RecordedWorld> {
  const clock = handClock(start ?? '2026-11-23T08:00:00Z');
  const database = connectDatabase({ connectionString: url, logger: silent, connections: 2, statementLimitMs: 30_000 });
  const seen: Seen[] = [];
  let folder = temporaryFolder();
  let definition: Definition = SMALL;
  let parts = await build();
  onTestFinished(async () => {
    await parts.journal.close();
    await database.end();
  });

  async function build() {
    const open = () => openJournal({ folder, byteBudget: given.byteBudget ?? 64e6, logger: silent });
    let journal = await open();
    const make = () => {
      const { epoch, state, commits } = journal.recovered();
      const made = createBoard({ definition, clock, normal: NOTHING_USUAL, epoch, journal });
      return { board: made, whole: made.restore({ state, commits }) };
    };
    let { board, whole } = make();
    if (!whole) {
      await journal.close();
      folder = temporaryFolder();
      journal = await open();
      ({ board, whole } = make());
    }
    const copies: BoardCopies = createBoardCopies(board, () => rulesId(definition.rules));
    board.onCommit(({ at, epoch, seq }) =>
      seen.push({ at, epoch, seq, units: [...board.units()], feeds: [...board.feeds()] }),
    );
    return { journal, board, copies, follower: null as Follower | null };
  }
  async function followerOf(): Promise<Follower> {
    const { journal, copies } = parts;
    const options = {
      ...{ journal, definition, logger: silent, run: demonstrationRun({ run, system: definition.id }) },
      ...(given.retentionMs === undefined ? {} : { retentionMs: given.retentionMs }),
      recording: { copies, nameOfRules: rulesId },
    };
    return prepareFollower(database, options, () => undefined);
  }

  return {
    clock,
    database,
    seen,
    get board() {
      return parts.board;
    },
    get journal() {
      return parts.journal;
    },
    tick(outcomes = []) {
      for (const each of outcomes) parts.board.apply(each);
      return parts.board.tick();
    },
    async follow(batches = Infinity) {
      parts.follower ??= await followerOf();
      let taken = 0;
      await parts.follower.catchUp(() => (taken += 1) > batches);
    },
    async restart({ definition: next = definition, lostJournal = false, clean = false } = {}) {
      parts.copies.stop();
      // By it the next board tells that it is of another definition.
      if (next !== definition || clean) parts.journal.checkpoint(parts.board.seq, parts.board.state());
      await parts.journal.close();
      if (lostJournal) folder = temporaryFolder();
      definition = next;
      parts = await build();
    },
  };
}
