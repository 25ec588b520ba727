import type { Scorecard } from '$shared/protocol/scorecard';
import { instantOf } from '../format/time.ts';
import { get } from './get.ts';
import { holdsLists } from './shape.ts';

export interface ScorecardAsk {
  /** ISO week; null: the one that holds `asOf`. */
  readonly week: string | null;
  /** Place or neighbourhood; null: the whole system. */
  readonly unit: string | null;
  /** Epoch ms of a replay; null: now. */
  readonly asOf: number | null;
}

const queryOf = ({ week, unit, asOf }: ScorecardAsk): URLSearchParams => {
  const query = new URLSearchParams();
  if (week !== null) query.set('week', week);
  else if (asOf !== null) query.set('at', instantOf(asOf));
  if (unit !== null) query.set('unit', unit);
  return query;
};

export const getScorecard = (ask: ScorecardAsk, signal: AbortSignal) =>
  get(`/api/redirections/scorecard?${queryOf(ask)}`, holdsLists<Scorecard>('lines'), signal);

/** Address of the same as a file. */
export function scorecardFile(week: string, unit: string | null): string {
  const query = queryOf({ week, unit, asOf: null });
  query.set('format', 'csv');
  return `/api/redirections/scorecard?${query}`;
}
