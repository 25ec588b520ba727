import { randomBytes } from 'node:crypto';
import { sayTime } from '#shared/model/time.ts';
import type { Clock, QuarantineRecord } from '../../domain/ports.ts';
import type { Logger } from '../logger.ts';
import { openQuarantineDisk, type DiskState } from './disk.ts';
import { documentOf, groupKey, namedRefusals, nameOf, refusalsOf } from './entry.ts';
import { createGroups } from './groups.ts';
import { createKeptIndex, type Kept } from './index.ts';
import { addUp, countedOf, countsOf, type AnswerLine, type CountedLine } from './lines.ts';
import { createShares } from './shares.ts';
import type { Quarantine, Refused, StoredDocument } from '../quarantine.ts';

/** Of the budget, what one feed may hold. */
const FEED_SHARE = 1 / 8;
/** Read again at once: so many documents, and no more than so many bytes of them. */
const STORED_DOCUMENTS = 300;
const STORED_BYTES = 8 * 1024 * 1024;

export interface QuarantineOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly byteBudget: number;
  readonly logger: Logger;
}

/**
 * Keeps refused records on the local disk, redacted before they are written, within `byteBudget`. Nothing it does or
 * fails at ends a poll: what cannot be written is still counted, and said.
 */
export function createQuarantine(options: QuarantineOptions): Quarantine {
  const { clock, byteBudget } = options;
  const groups = createGroups();
  const index = createKeptIndex();
  const shares = createShares();
  const countLine = (line: AnswerLine | CountedLine): void => {
    const { supplier, adapter, feed, at } = line;
    for (const { field, reason, count } of line.t === 'answer' ? countsOf(line) : line.counts) {
      const key = groupKey(supplier, adapter, field, reason);
      const refusal = line.t === 'answer' ? line.refusals.findLast(({ group }) => group === key) : undefined;
      groups.add({ key, supplier, adapter, field, reason }, feed, at, count, refusal?.example ?? null);
    }
  };
  const disk = openQuarantineDisk(options, index, countLine);
  const listed = () => groups.list(clock.now(), index.keptByGroup());

  return {
    take(refused) {
      const { id } = refused.instance;
      const room = index.bytesOf(id) < byteBudget * FEED_SHARE && shares.hasRoom(id, refused.at);
      const line = room ? answerLine(refused) : countedLine(refused);
      const taken =
        line.t === 'answer' && shares.take(id, refused.at, line.refusals.length, JSON.stringify(line).length);
      if (!taken) shares.skip(id, refused.at, refused.count);
      countLine(line);
      disk.append(line.t === 'answer' && !taken ? countedOf(line) : line, refused.at);
    },
    stored(group) {
      const known = index.ofGroup(group);
      if (known.length === 0 && !listed().some(({ key }) => key === group)) return null;
      return storedDocuments(known, disk.read);
    },
    settle(id, state) {
      if (index.settle(id, state)) disk.append({ t: 'settled', id, state }, clock.now());
    },
    groups: listed,
    today: () => groups.today(clock.now()),
    records(query) {
      const records: QuarantineRecord[] = [];
      for (const kept of index.newestFirst(query)) {
        if (records.length >= query.limit) break;
        const line = disk.read(kept);
        if (line) records.push(...recordsOf(line, kept.state, query.group));
      }
      return records.slice(0, query.limit);
    },
    note: () => sayNote({ ...disk.state(), counted: shares.countedOnly(clock.now()) }),
    close: disk.close,
  };
}

const sourceOf = ({ instance: { id, feed }, at }: Refused) => ({
  feed: id,
  supplier: feed.supplier,
  adapter: feed.adapter,
  at,
});

/** An answer with the copies of what was refused in it. */
function answerLine(refused: Refused): AnswerLine {
  const { named, rest } = namedRefusals(refused);
  const { kept, text } = documentOf(refused);
  return {
    t: 'answer',
    id: randomBytes(9).toString('base64url'),
    ...sourceOf(refused),
    askedAt: refused.askedAt,
    ...kept,
    refusals: refusalsOf(refused, named, text),
    rest: [...rest],
  };
}

/** Only what is counted of it: no copy is even made. */
function countedLine(refused: Refused): CountedLine {
  const { named, rest } = namedRefusals(refused);
  const counts = addUp([...named.map(nameOf).map((name) => ({ ...name, count: 1 })), ...rest]);
  return { t: 'counted', ...sourceOf(refused), counts };
}

function storedDocuments(known: readonly Kept[], read: (kept: Kept) => AnswerLine | null): StoredDocument[] {
  const documents: StoredDocument[] = [];
  let bytes = 0;
  for (const kept of known) {
    if (!kept.whole || kept.state === 'read-again') continue;
    bytes += kept.position.length;
    if (documents.length >= STORED_DOCUMENTS || bytes > STORED_BYTES) break;
    const line = read(kept);
    if (line === null) continue;
    const { id, feed, at, askedAt, document, refusals } = line;
    documents.push({ id, feed, at, askedAt, document, records: refusals.length });
  }
  return documents;
}

function recordsOf(line: AnswerLine, state: QuarantineRecord['state'], group: string | undefined): QuarantineRecord[] {
  const { id, feed, supplier, adapter, at } = line;
  return line.refusals.flatMap((refusal, i): QuarantineRecord[] => {
    if (group !== undefined && refusal.group !== group) return [];
    const { place, field, reason, record } = refusal;
    return [{ id: `${id}.${i}`, feed, supplier, adapter, at, place, field, reason, record, state }];
  });
}

function sayNote({ trouble, torn, thinnedUntil, counted }: DiskState & { readonly counted: number }): string {
  const notes = [
    trouble === '' ? '' : `The disk does not take refused records (${trouble}): they are only counted.`,
    thinnedUntil === null ? '' : `Copies from before ${sayTime(thinnedUntil)} were dropped for want of room.`,
    counted === 0 ? '' : `${counted.toLocaleString('en-GB')} records of busy feeds were only counted this hour.`,
    torn === 0 ? '' : `${torn} ${torn === 1 ? 'line was' : 'lines were'} cut off when the server last ended.`,
  ];
  return notes.filter((note) => note !== '').join(' ');
}
