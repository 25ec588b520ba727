import type { MetricName } from '#shared/model/metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { SampleBlock } from '../ports.ts';
import type { PlanSite } from './plan.ts';

/** The samples of all of a site's metrics as one, in order of observation. */
export interface Stream {
  /** Of the sample it stands at; Infinity at the end. */
  readonly at: EpochMs;
  /** Place of its metric. */
  readonly place: number;
  readonly block: SampleBlock;
  readonly index: number;
  next(): void;
  /** Goes on, metric by metric, as far as `passes` lets it, up to `until` (excluded). */
  skip(until: EpochMs, passes: (place: number, block: SampleBlock, index: number) => boolean): void;
}

interface Cursor {
  readonly place: number;
  readonly blocks: readonly SampleBlock[];
  block: SampleBlock;
  /** Which of the blocks, and which sample in it. */
  which: number;
  index: number;
  at: EpochMs;
}

const NOTHING: SampleBlock = {
  unit: '',
  metric: 'pressure.score',
  at: new Float64Array(0),
  value: new Float64Array(0),
  absence: new Uint8Array(0),
  level: null,
};

export function createStream(site: PlanSite, blocks: ReadonlyMap<MetricName, readonly SampleBlock[]>): Stream {
  const cursors = site.metrics.flatMap(({ name }, place): Cursor[] => {
    const own = (blocks.get(name) ?? []).filter((block) => block.at.length > 0);
    const [block] = own;
    return block ? [{ place, blocks: own, block, which: 0, index: 0, at: block.at[0] ?? Infinity }] : [];
  });
  const done: Cursor = { place: -1, blocks: [], block: NOTHING, which: 0, index: 0, at: Infinity };
  let current = done;
  const choose = () => {
    current = done;
    for (const cursor of cursors) if (cursor.at < current.at) current = cursor;
  };
  choose();
  return {
    get at() {
      return current.at;
    },
    get place() {
      return current.place;
    },
    get block() {
      return current.block;
    },
    get index() {
      return current.index;
    },
    next() {
      advance(current);
      choose();
    },
    skip(until, passes) {
      for (const cursor of cursors) {
        while (cursor.at < until && passes(cursor.place, cursor.block, cursor.index)) advance(cursor);
      }
      choose();
    },
  };
}

function advance(cursor: Cursor): void {
  cursor.index += 1;
  if (cursor.index >= cursor.block.at.length) {
    cursor.which += 1;
    cursor.index = 0;
    cursor.block = cursor.blocks[cursor.which] ?? NOTHING;
  }
  cursor.at = cursor.block.at[cursor.index] ?? Infinity;
}
