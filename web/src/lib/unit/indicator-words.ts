import type { Indicator, Unit } from '$shared/model/unit';
import { sayAbsenceFully } from '../format/absence.ts';
import { sayCount, sayMeasure } from '../format/numbers.ts';

/** A value of an indicator with its unit of measure; a dash where there is none. */
export function sayValue({ measure, label }: Pick<Indicator, 'measure' | 'label'>, value: number | null): string {
  if (value === null) return '–';
  if (measure === 'ratio') return `${Math.round(value * 10) / 10} ×`;
  const said = sayMeasure(value, measure);
  return measure === 'per-1000' && !label.includes('per 1,000') ? `${said} per 1,000` : said;
}

/** Why an indicator gives no points: why its number is missing, or that the number it has is not judged now. */
export function whyLeftOut(indicator: Indicator, unit: Pick<Unit, 'metrics'>): string {
  const state = unit.metrics[indicator.metric];
  const absence = indicator.absence ?? state?.absence ?? null;
  const detail = indicator.detail ?? state?.detail;
  if (absence !== null || detail) return sayAbsenceFully(absence, detail);
  const value = indicator.value ?? state?.value ?? null;
  return value === null ? 'not reported' : `${sayValue(indicator, value)}: too few or too early to judge`;
}

/** What stands behind a usual value, in full. */
export function behindUsual({ usualFrom, usualDays, thin }: Indicator): string | undefined {
  const few = thin ? '; little history stands behind it yet' : '';
  if (usualFrom === 'own') return `usual of ${sayCount(usualDays ?? 0, 'day')} of this kind${few}`;
  if (usualFrom === 'peers') return `expected from practices of like size${few}`;
  return usualFrom === 'published' ? `expected from published months${few}` : undefined;
}

/** The same in the room that a column has. */
export function shortBehind({ usualFrom, usualDays }: Indicator): string {
  return usualFrom === 'own' ? `${usualDays ?? 0} d` : usualFrom === 'peers' ? 'peers' : 'publ.';
}

/** Where the points begin, for who does not see the drawing. */
export function describeCutoffs({ cutoffs, measure }: Indicator): string {
  return cutoffs ? `points from ${cutoffs.map((c) => sayMeasure(c, measure)).join(', ')}` : 'no cut-offs apply now';
}
