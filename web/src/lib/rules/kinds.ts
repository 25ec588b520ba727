import type { IndicatorRule, Rules } from '$shared/model/rules';

const WORDS: Readonly<Record<string, string>> = {
  practice: 'practices',
  hub: 'hubs',
  'out-of-hours': 'out-of-hours',
  nhs111: '111',
  'urgent-treatment': 'urgent treatment',
  'acute-visiting': 'acute visiting',
  'clinical-response': 'clinical response',
  pharmacy: 'pharmacies',
};
export const sayKind = (kind: string): string => WORDS[kind] ?? kind;

/** Kinds of site that some indicator judges, in the order in which they are first named. */
export const kindsOf = (rules: Rules): string[] => [...new Set(rules.indicators.flatMap((rule) => rule.siteKinds))];

/** Points that a kind of site can get at most. */
export const possibleOf = (rules: Rules, kind: string): number =>
  rules.indicators
    .filter((rule) => (rule.siteKinds as readonly string[]).includes(kind))
    .reduce((sum, rule) => sum + 3 * (Number.isFinite(rule.weight) ? rule.weight : 0), 0);

/** Share of all possible points that this indicator can give at most, for a kind of site or the first that it judges. */
export function shareOfPoints(rules: Rules, rule: IndicatorRule, kind: string | null): number {
  const possible = possibleOf(rules, kind ?? rule.siteKinds[0] ?? 'practice');
  return possible > 0 ? (3 * Number(rule.weight)) / possible : 0;
}
