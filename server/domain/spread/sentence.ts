import type { LeadLag } from '#shared/protocol/spread.ts';
import type { Finding } from './lead-lag.ts';

export interface Findings {
  readonly hours: Finding;
  readonly days: Finding;
}

/** "about 45 min", "about 1 hour 15 min", "about 2 days". */
export function sayLag(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 60) return `about ${minutes} min`;
  if (minutes < 24 * 60) {
    const rest = minutes % 60;
    return `about ${count(Math.floor(minutes / 60), 'hour')}${rest === 0 ? '' : ` ${rest} min`}`;
  }
  return `about ${count(Math.round(minutes / 1440), 'day')}`;
}

const count = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;
const two = (r: number | null) => (r ?? 0).toFixed(2);
const over = (lead: LeadLag, weeks: number) => `(correlation ${two(lead.correlation)} over ${count(weeks, 'week')})`;
const leads = ({ verdict }: Finding) => verdict === 'first' || verdict === 'second';

/** What can be said of two units' pressure, or why nothing can; plain words, names as they are given. */
export function saySpread(a: string, b: string, { hours, days }: Findings, weeks: number): string {
  const said = [hours, days].filter(leads).map((found) => sayLead(a, b, found, weeks));
  if (said.length > 0) return said.join('; by days, ');
  const together = [hours, days].find(({ verdict }) => verdict === 'together');
  if (together !== undefined) {
    return `${a} and ${b} rise and fall together ${over(together.lead, weeks)}: neither is clearly first`;
  }
  return sayNothing(a, b, hours, weeks);
}

/** Of one finding that leads, lags or goes together. */
export function sayLead(a: string, b: string, { verdict, lead }: Finding, weeks: number): string {
  if (verdict === 'together') return `${a} and ${b} rise and fall together ${over(lead, weeks)}`;
  const [first, second] = verdict === 'first' ? [a, b] : [b, a];
  return `${first} rises ${sayLag(lead.lagMs ?? 0)} before ${second} ${over(lead, weeks)}`;
}

function sayNothing(a: string, b: string, found: Finding, weeks: number): string {
  if (found.verdict === 'little') {
    const hours = Math.floor((found.lead.pairs * found.lead.step) / 3_600_000);
    return `Too little history to say: ${count(hours, 'hour')} of the last ${count(weeks, 'week')} can be compared`;
  }
  if (found.verdict === 'flat') {
    const [one, other] = found.flat;
    const names = one && other ? `${a} and ${b} hardly move` : `${one ? a : b} hardly moves`;
    return `Nothing can be said: ${names} away from the usual of the day`;
  }
  const chance = found.lead.chance;
  const why =
    chance !== null && (found.highest ?? 0) > chance
      ? 'they are linked, but at no lag that stands out from its neighbours'
      : `the highest correlation is ${two(found.highest)}, and chance alone reaches ${two(chance)}`;
  return `Neither ${a} nor ${b} clearly leads: ${why} (over ${count(weeks, 'week')})`;
}
