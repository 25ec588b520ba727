import { isMetricName, metricSpec } from '#shared/model/metrics.ts';
import { RulesSchema, type IndicatorRule, type Rules } from '#shared/model/rules.ts';
import type { Report } from './faults.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';
import { readDate } from './texts.ts';

/** What the domain's sentences fill in; anything else would stand on a screen as it is written. */
const PLACEHOLDERS = ['value', 'usual', 'over', 'time', 'count', 'target'];

/** Reads and checks rules.yaml. */
export function readRules(text: string, report: Report): Rules | null {
  const file = readYaml(text, RulesSchema, report);
  if (!file) return null;
  const { value: rules, line } = file;
  if (!isAscending(rules.levels) || rules.levels[0] <= 0 || rules.levels[2] > 100) {
    report(line('levels'), `levels ${rules.levels.join(', ')} must rise, between 0 and 100`);
  }
  if (readDate(rules.published.slice(0, 10)) === null) {
    report(line('published'), `published "${rules.published}" is not a date like 2026-03-01`);
  }
  const ids = rules.indicators.map((indicator) => indicator.id);
  rules.indicators.forEach((indicator, i) => {
    if (ids.indexOf(indicator.id) !== i)
      report(line('indicators', i, 'id'), `indicator "${indicator.id}" is there twice`);
    checkIndicator(indicator, (key, message) => {
      report(line('indicators', i, key), `indicator "${indicator.id}": ${message}`);
    });
  });
  checkEscalators(file, ids, report);
  const { concentrated } = rules;
  if (concentrated && concentrated.least > concentrated.part) {
    const { part, least } = concentrated;
    report(
      line('concentrated', 'least'),
      `concentrated: least ${least} is above part ${part}: no group is worse than its parts`,
    );
  }
  return rules;
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

function checkEscalators({ value, line }: YamlFile<Rules>, ids: readonly string[], report: Report): void {
  value.escalators.forEach((escalator, i) => {
    if (!ids.includes(escalator.indicator)) {
      report(line('escalators', i, 'indicator'), `escalator names "${escalator.indicator}", which is no indicator`);
    }
  });
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > (values[i - 1] ?? -Infinity));
}
