import type { PublishedMonth } from '#shared/model/definition.ts';
import { BAND_COUNT, KIND_COUNT, type NationalShape } from './national-shape.ts';
import { rake } from './rake.ts';

export const ANSWERED = 0;
export const ENDED_IN_IVR = 1;
export const CALLBACK = 2;
export const MISSED = 3;

/** How one practice's calls fall, fitted so that its own published month comes out. Cells are kind x band (kind 0-7). */
export interface CallProfile {
  readonly month: PublishedMonth;
  /** Expected calls on one day, by kind x band. */
  readonly rates: Float64Array;
  /** Four outcome shares a cell. */
  readonly outcomes: Float64Array;
  /** Shares of the four wait bands a cell, of answered and of missed calls. */
  readonly answeredWait: Float64Array;
  readonly missedWait: Float64Array;
  /** Callbacks made of those requested. */
  readonly madeShare: number;
}

const CELLS = KIND_COUNT * BAND_COUNT;
/** How much busier than its own mean a band is: waits are longest from 8 to 10. */
const STRAIN = [-1.2, -0.4, 1, 0.35, 0.05, -0.1, -0.2, -0.6, -1.2];
const MONDAY_STRAIN = 0.4;

export function createCallProfile(month: PublishedMonth, shape: NationalShape): CallProfile {
  const national = shape.month(month.month);
  const rates = new Float64Array(CELLS);
  const volume = new Float64Array(CELLS);
  const outcomeBase = new Float64Array(CELLS * 4);
  forEachCell((kind, band, cell) => {
    rates[cell] = (month.inbound * (national.byKind[kind]?.[band] ?? 0)) / Math.max(1, national.total);
    volume[cell] = (rates[cell] ?? 0) * (national.dayCount[kind] ?? 0);
    shape.outcomes(kind, band).forEach((share, k) => (outcomeBase[cell * 4 + k] = share));
  });
  const outcomes = rake(outcomeBase, volume, [month.answered, month.endedInIvr, month.callbackRequested, month.missed]);
  return {
    month,
    rates,
    outcomes,
    answeredWait: waitShares(month.answeredWait, volume, outcomes, ANSWERED),
    missedWait: waitShares(month.missedWait, volume, outcomes, MISSED),
    madeShare: month.callbackRequested > 0 ? Math.min(1, month.callbackMade / month.callbackRequested) : 1,
  };
}

function waitShares(bands: readonly number[], volume: Float64Array, outcomes: Float64Array, outcome: number) {
  const weights = new Float64Array(CELLS);
  const base = new Float64Array(CELLS * 4);
  const target = bands.some((count) => count > 0) ? bands : [0.45, 0.15, 0.2, 0.2];
  forEachCell((kind, band, cell) => {
    weights[cell] = (volume[cell] ?? 0) * (outcomes[cell * 4 + outcome] ?? 0);
    const strain = (STRAIN[band] ?? 0) + (kind === 0 ? MONDAY_STRAIN : 0);
    target.forEach((count, k) => (base[cell * 4 + k] = count * Math.exp(0.45 * strain * k)));
  });
  return rake(base, weights, target);
}

function forEachCell(visit: (kind: number, band: number, cell: number) => void): void {
  for (let kind = 0; kind < KIND_COUNT; kind++) {
    for (let band = 0; band < BAND_COUNT; band++) visit(kind, band, kind * BAND_COUNT + band);
  }
}

/** The published month nearest by calendar month (December is next to January); of equals the latest. */
export function nearestMonth(months: readonly PublishedMonth[], month: string): PublishedMonth | null {
  const wanted = Number(month.slice(5));
  const distance = (candidate: PublishedMonth) => {
    const apart = Math.abs(Number(candidate.month.slice(5)) - wanted);
    return Math.min(apart, 12 - apart);
  };
  return months.reduce<PublishedMonth | null>((best, candidate) => {
    if (candidate.month === month) return candidate;
    if (best === null || best.month === month) return best ?? candidate;
    const closer = distance(candidate) - distance(best);
    return closer < 0 || (closer === 0 && candidate.month > best.month) ? candidate : best;
  }, null);
}
