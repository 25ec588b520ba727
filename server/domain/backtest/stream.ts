import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { SampleBlock } from '../ports.ts';
import type { Day } from './day.ts';
import { isPaired } from './fences.ts';
import type { PlanSite } from './plan.ts';
import { rounded, takeSample, type Fences, type Readings } from './readings.ts';

/** A day's samples of all of a site's metrics, taken into its readings in order of observation. */
export interface Stream {
  /** When the next sample was observed; Infinity at the end. */
  next(): EpochMs;
  /** Up to when no sample lies outside the fences as they are, as far as anybody has looked; Infinity: none does. */
  firstBreak(): EpochMs;
  /** Takes in, metric by metric, what lies within the fences, up to `until` (excluded); when the last of it was observed. */
  pass(until: EpochMs): EpochMs;
  /** Takes in all up to `at`, adding to `changed` what may change a verdict; true where something was told, not merely gone. */
  take(at: EpochMs, changed: number[]): boolean;
  /** Takes in all before `until`, which nobody judges. */
  catchUp(until: EpochMs): void;
  /** When something was last told in that minute of the day; 0: never. */
  lastTold(minute: number): EpochMs;
}

type Column = Pick<SampleBlock, 'at' | 'value' | 'absence'>;

export function createStream(
  site: PlanSite,
  readings: Readings,
  fences: Fences,
  day: Day,
  blocks: ReadonlyMap<MetricName, readonly SampleBlock[]>,
): Stream {
  const columns = site.metrics.map(({ name }) => joined(blocks.get(name) ?? []));
  const places = columns.length;
  const { next, nextAt, leaves, breakAt } = createScan(site, fences, columns);
  const told = lastToldOf(columns, day);
  const move = (place: number, to: number) => {
    next[place] = to;
    nextAt[place] = columns[place]?.at[to] ?? Infinity;
  };
  const passColumn = (place: number, until: EpochMs): EpochMs => {
    const { at, value } = columns[place] ?? NOTHING;
    const [from, most] = [next[place] ?? 0, leaves(place, until)];
    let to = from;
    while (to < most && (at[to] ?? Infinity) < until) to += 1;
    if (to === from) return 0;
    move(place, to);
    readings.values[place] = rounded(value[to - 1] ?? NaN, site.metrics[place]?.scale ?? 1);
    readings.absences[place] = 0;
    return at[to - 1] ?? 0;
  };
  return {
    next() {
      let first = Infinity;
      for (let place = 0; place < places; place += 1) first = Math.min(first, nextAt[place] ?? Infinity);
      return first;
    },
    firstBreak() {
      let first = Infinity;
      for (let place = 0; place < places; place += 1) first = Math.min(first, breakAt(place));
      return first;
    },
    pass(until) {
      let last = 0;
      for (let place = 0; place < places; place += 1) {
        if ((nextAt[place] ?? Infinity) < until) last = Math.max(last, passColumn(place, until));
      }
      return last;
    },
    take(until, changed) {
      let heard = false;
      for (let place = 0; place < places; place += 1) {
        if (!((nextAt[place] ?? Infinity) <= until)) continue;
        const { at, value, absence } = columns[place] ?? NOTHING;
        let i = next[place] ?? 0;
        for (; (at[i] ?? Infinity) <= until; i += 1) {
          const raw = value[i] ?? NaN;
          if (takeSample(site, readings, fences, place, raw, absence[i] ?? 0)) changed.push(place);
          heard ||= !Number.isNaN(raw);
        }
        move(place, i);
      }
      return heard;
    },
    catchUp(until) {
      for (let place = 0; place < places; place += 1) {
        if (!((nextAt[place] ?? Infinity) < until)) continue;
        const { at, value, absence } = columns[place] ?? NOTHING;
        let i = next[place] ?? 0;
        while ((at[i] ?? Infinity) < until) i += 1;
        move(place, i);
        takeSample(site, readings, fences, place, value[i - 1] ?? NaN, absence[i - 1] ?? 0);
      }
    },
    lastTold: (minute) => told[minute] ?? 0,
  };
}

const NOTHING: Column = { at: new Float64Array(0), value: new Float64Array(0), absence: new Uint8Array(0) };

function joined(blocks: readonly SampleBlock[]): Column {
  const [first = NOTHING, ...more] = blocks;
  if (more.length === 0) return first;
  return {
    at: Float64Array.from(blocks.flatMap((block) => [...block.at])),
    value: Float64Array.from(blocks.flatMap((block) => [...block.value])),
    absence: Uint8Array.from(blocks.flatMap((block) => [...block.absence])),
  };
}

/** What is usual, and what two are judged by together, moves fences again so soon: to look further would be for nothing. */
const AHEAD_MS = 6 * MINUTE;

/** Looks ahead, once for each pair of fences: most samples lie within them and are never looked at again. */
function createScan(site: PlanSite, { low, high }: Fences, columns: readonly Column[]) {
  const places = columns.length;
  /** The sample of each column that comes next, and when it was observed; Infinity at the end. */
  const next = new Int32Array(places);
  const nextAt = Float64Array.from(columns, ({ at }) => at[0] ?? Infinity);
  const moving = Uint8Array.from(columns, (_, place) => (site.usual.includes(place) || isPaired(site, place) ? 1 : 0));
  /** Samples of each column before this place lie within the fences that were last looked at. */
  const clear = new Int32Array(places);
  const scannedLow = new Float64Array(places).fill(NaN);
  const scannedHigh = new Float64Array(places).fill(NaN);
  /** Place in its column of the first sample, from the next one on, that lies outside or was observed at `until` or later. */
  const leaves = (place: number, until: EpochMs): number => {
    const [from = Infinity, to = -Infinity, begin = 0] = [low[place], high[place], next[place]];
    const { at, value } = columns[place] ?? NOTHING;
    const scale = site.metrics[place]?.scale ?? 1;
    const same = scannedLow[place] === from && scannedHigh[place] === to;
    let i = same ? Math.max(begin, clear[place] ?? 0) : begin;
    for (; i < value.length && (at[i] ?? Infinity) < until; i += 1) {
      const found = rounded(value[i] ?? NaN, scale);
      if (!(found >= from && found < to)) break;
    }
    clear[place] = i;
    scannedLow[place] = from;
    scannedHigh[place] = to;
    return i;
  };
  const breakAt = (place: number): EpochMs => {
    const until = moving[place] === 1 ? (nextAt[place] ?? Infinity) + AHEAD_MS : Infinity;
    return columns[place]?.at[leaves(place, until)] ?? Infinity;
  };
  return { next, nextAt, leaves, breakAt };
}

function lastToldOf(columns: readonly Column[], { start, minutes }: Day): Float64Array {
  const told = new Float64Array(minutes);
  for (const { at, value } of columns) {
    for (let i = 0; i < at.length; i += 1) {
      const time = at[i] ?? 0;
      const minute = Math.floor((time - start) / MINUTE);
      if (time > (told[minute] ?? Infinity) && !Number.isNaN(value[i] ?? NaN)) told[minute] = time;
    }
  }
  return told;
}
