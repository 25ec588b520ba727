import { QUARTER, HOUR, ZONE, type EpochMs } from '#shared/model/time.ts';
import type { BoardView, HistoryReader } from '../domain/ports.ts';
import { sidesOf, type Sides } from '../domain/spread/lead-lag.ts';
import { departures, quartersOf, type Quarters, type Window } from '../domain/spread/track.ts';

/** Windows of units that are kept: a whole system's neighbours, some 100 kB each. */
const KEPT = 200;
/** Reads under way at once: the store answers the screens meanwhile. */
const AT_ONCE = 3;
/** More neighbours than these are not compared: what one question costs stays bounded. */
const MOST_NEIGHBOURS = 80;

/** Whole London days of the last weeks, without today, which is not over. */
export function windowOf(now: EpochMs, weeks: number): Window {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(ZONE).startOfDay();
  return { from: today.subtract({ weeks }).epochMilliseconds, to: today.epochMilliseconds };
}

/** Reads units' scores over a window; what is read once is kept for an hour of the product's clock. */
export function createSpreadSeries(history: Pick<HistoryReader, 'series'>) {
  const kept = new Map<string, Promise<Sides>>();
  let hour = -1;
  let last: { readonly window: Window; readonly quarters: Quarters } | null = null;

  function quartersIn(window: Window): Quarters {
    if (last?.window.from !== window.from || last.window.to !== window.to)
      last = { window, quarters: quartersOf(window) };
    return last.quarters;
  }

  async function read(unit: string, window: Window): Promise<Sides> {
    const points = await history.series({ unit, metric: 'pressure.score', ...window, step: QUARTER });
    return sidesOf(departures(points, quartersIn(window)));
  }

  function of(unit: string, now: EpochMs, weeks: number): Promise<Sides> {
    const current = Math.floor(now / HOUR);
    if (current !== hour) kept.clear();
    hour = current;
    const key = `${weeks} ${unit}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const reading = read(unit, windowOf(now, weeks));
    kept.set(key, reading);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    // Told to whoever waits for it; the next question reads again.
    reading.catch(() => kept.get(key) === reading && kept.delete(key));
    return reading;
  }

  return {
    of,
    /** Of several units, a few at a time, each handed to `take` as it comes. */
    async each(units: readonly string[], now: EpochMs, weeks: number, take: (unit: string, sides: Sides) => void) {
      const waiting = [...units];
      const work = async () => {
        for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
          take(unit, await of(unit, now, weeks));
          // A turn for everybody else: comparing takes a millisecond or two.
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
  };
}

/** Units of the same kind: sites beside it, groups in the whole system (beside it where those are too many). */
export function neighboursOf(board: BoardView, id: string): { readonly ids: readonly string[]; readonly of: number } {
  const { units } = board.definition;
  const self = units.find((unit) => unit.id === id);
  if (self === undefined) return { ids: [], of: 0 };
  const alike = units.filter((u) => u.id !== id && u.kind === self.kind && u.siteKind === self.siteKind);
  const beside = alike.filter((u) => u.parent === self.parent);
  const chosen = self.kind === 'site' || alike.length > MOST_NEIGHBOURS ? beside : alike;
  return { ids: chosen.slice(0, MOST_NEIGHBOURS).map((u) => u.id), of: chosen.length };
}
