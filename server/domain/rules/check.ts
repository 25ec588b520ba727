import { Value } from 'typebox/value';
import { isMetricName, metricSpec } from '#shared/model/metrics.ts';
import { RulesSchema, type IndicatorRule, type Rules } from '#shared/model/rules.ts';
import { schemaFaults, type Path, type SchemaFault } from '../schema-faults.ts';
import { limitFaults } from './limits.ts';

/** What the domain's sentences fill in; anything else would stand on a screen as it is written. */
const PLACEHOLDERS = ['value', 'usual', 'over', 'time', 'count', 'target'];

type Wrong = (path: Path, message: string) => void;

export interface CheckedRules {
  /** Null where the input has not even the shape of rules. */
  readonly rules: Rules | null;
  /** Everything that is wrong with it, each with the path it is wrong at; none: it can be put into force. */
  readonly faults: readonly SchemaFault[];
}

/** Checks what claims to be rules, whoever wrote it. `whole`: what it is called in a fault of all of it. */
export function checkRules(input: unknown, whole = 'the rules'): CheckedRules {
  const faults = schemaFaults(RulesSchema, input, whole);
  if (faults.length > 0 || !Value.Check(RulesSchema, input)) return { rules: null, faults };
  return { rules: input, faults: contentFaults(input) };
}

/** What a schema cannot say: order, names that must exist, phrases that can be filled, limits. */
export function contentFaults(rules: Rules): SchemaFault[] {
  const faults: SchemaFault[] = [];
  const wrong: Wrong = (path, message) => {
    faults.push({ path, message });
  };
  if (!isAscending(rules.levels) || rules.levels[0] <= 0 || rules.levels[2] > 100) {
    wrong(['levels'], `levels ${rules.levels.join(', ')} must rise, between 0 and 100`);
  }
  if (!isDate(rules.published.slice(0, 10))) {
    wrong(['published'], `published "${rules.published}" is not a date like 2026-03-01`);
  }
  const ids = rules.indicators.map((indicator) => indicator.id);
  rules.indicators.forEach((indicator, i) => {
    if (ids.indexOf(indicator.id) !== i) wrong(['indicators', i, 'id'], `indicator "${indicator.id}" is there twice`);
    checkIndicator(indicator, (key, message) => {
      wrong(['indicators', i, key], `indicator "${indicator.id}": ${message}`);
    });
  });
  rules.escalators.forEach(({ indicator }, i) => {
    if (ids.includes(indicator)) return;
    wrong(['escalators', i, 'indicator'], `escalator names "${indicator}", which is no indicator`);
  });
  checkConcentrated(rules, wrong);
  return [...faults, ...limitFaults(rules)];
}

function checkConcentrated({ concentrated }: Rules, wrong: Wrong): void {
  if (!concentrated || concentrated.least <= concentrated.part) return;
  const { part, least } = concentrated;
  wrong(
    ['concentrated', 'least'],
    `concentrated: least ${least} is above part ${part}: no group is worse than its parts`,
  );
}

function checkIndicator(indicator: IndicatorRule, wrong: (key: keyof IndicatorRule, message: string) => void): void {
  const { metric, siteKinds, direction, cutoffs, sentence, brief, from, to } = indicator;
  if (!isMetricName(metric)) wrong('metric', `metric "${metric}" does not exist`);
  else {
    const spec = metricSpec(metric);
    const without = siteKinds.filter((kind) => !spec.siteKinds.includes(kind));
    if (without.length > 0) wrong('siteKinds', `metric "${metric}" does not exist at ${without.join(', ')}`);
  }
  if (!isAscending(direction === 'high' ? cutoffs : cutoffs.toReversed())) {
    const order = direction === 'high' ? 'rise' : 'fall';
    wrong('cutoffs', `cutoffs ${cutoffs.join(', ')} must ${order}, mildest first (direction: ${direction})`);
  }
  for (const [key, text] of [['sentence', sentence] as const, ['brief', brief] as const]) {
    for (const [whole, name = ''] of text.matchAll(/\{([^}]*)\}/g)) {
      if (!PLACEHOLDERS.includes(name)) wrong(key, `${key}: "${whole}" must be {${PLACEHOLDERS.join('}, {')}}`);
    }
  }
  // Alternatives stand between bars; a wall has room for four words of the one that is used.
  for (const alternative of brief.split('|')) {
    if (alternative.trim().split(/\s+/).length > 4) wrong('brief', `brief "${alternative}" is longer than four words`);
  }
  for (const [key, time] of [['from', from] as const, ['to', to] as const]) {
    if (time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time))
      wrong(key, `${key} "${time}" is not a time`);
  }
  if (from !== undefined && to !== undefined && from >= to) wrong('to', `to ${to} is not after from ${from}`);
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > (values[i - 1] ?? -Infinity));
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
