import type { MetricShape } from '#shared/model/metrics.ts';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import type { Span } from '../../server/store/recording.ts';
import type { Point, Sample } from '../../server/store/series.ts';

/** A sample that may be a level: a total of the day so far that is no rise over the one before it. */
export interface PlainSample extends Sample {
  readonly level?: boolean;
}

export interface FoldInput {
  readonly shape: MetricShape;
  /** In order of `at`; the first may lie before the first bucket: what stood there. */
  readonly samples: readonly PlainSample[];
  /** When the server was recording, in order. */
  readonly spans: readonly Span[];
  /** Starts of the buckets, ascending; the last ends at `end`. */
  readonly starts: readonly EpochMs[];
  readonly end: EpochMs;
}

/** What `foldCells` says of rolled-up samples, told over the samples themselves: slow, and plain enough to check by eye. */
export function foldSeries(input: FoldInput): Point[] {
  const counter = input.shape === 'since-midnight';
  const rises = counter ? risesByBucket(input) : null;
  let next = 0;
  let standing: number | null = null;
  return input.starts.map((start, i): Point => {
    const end = input.starts[i + 1] ?? input.end;
    const before = skipTo(input.samples, next, start);
    standing = before.value === undefined ? standing : before.value;
    const within = skipTo(input.samples, before.next, end);
    // Whatever came in the bucket, even an absence, ends what stood.
    const stands = within.value === undefined && recorded(input.spans, start, end);
    const carried = stands ? standing : null;
    next = within.next;
    if (within.value !== undefined) standing = within.value;
    const known = within.lastKnown ?? carried;
    if (known === null) return [start, null];
    return [start, rises === null ? known : (rises.get(i) ?? 0)];
  });
}

/** Samples from `next` before `end`: the last value (undefined: none came) and the last one that is not absent. */
function skipTo(samples: readonly PlainSample[], next: number, end: EpochMs) {
  let at = next;
  let value: number | null | undefined;
  let lastKnown: number | null = null;
  for (let s = samples[at]; s !== undefined && s.at < end; s = samples[at]) {
    value = s.value;
    lastKnown = s.value ?? lastKnown;
    at += 1;
  }
  return { next: at, value, lastKnown };
}

function risesByBucket({ samples, spans, starts, end }: FoldInput): Map<number, number> {
  const rises = new Map<number, number>();
  const bucketOf = (at: EpochMs) => (at < (starts[0] ?? end) || at >= end ? -1 : lastAtOrBefore(starts, at));
  const through = (from: EpochMs, to: EpochMs) => spans.some((s) => s.from <= from && s.to >= to);
  /** The last value that was known, and whether it has stood without a break since. */
  let known: { at: EpochMs; value: number } | null = null;
  let broken = false;
  /** What a bucket had risen by before the day of its newest sample began. */
  let base = { bucket: -1, midnight: 0, rises: 0 };
  for (const sample of samples) {
    if (sample.value === null) {
      broken = true;
      continue;
    }
    const bucket = bucketOf(sample.at);
    const midnight = dayStart(sample.at);
    if (bucket >= 0 && (bucket !== base.bucket || midnight !== base.midnight)) {
      base = { bucket, midnight, rises: rises.get(bucket) ?? 0 };
    }
    if (sample.level && bucket >= 0) {
      if ((starts[bucket] ?? sample.at) <= midnight) rises.set(bucket, base.rises + sample.value);
    } else if (known !== null && bucket >= 0) {
      const sameDay = known.at >= midnight;
      const unbroken = !broken && through(known.at, sample.at);
      if (unbroken || (sameDay && bucketOf(known.at) === bucket)) {
        const rise = Math.max(0, sample.value - (sameDay ? known.value : 0));
        rises.set(bucket, (rises.get(bucket) ?? 0) + rise);
      }
    }
    known = { at: sample.at, value: sample.value };
    broken = false;
  }
  return rises;
}

function recorded(spans: readonly Span[], from: EpochMs, to: EpochMs): boolean {
  return spans.some((span) => span.from < to && span.to >= from);
}

function lastAtOrBefore(starts: readonly EpochMs[], at: EpochMs): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
