import type { Rules } from '#shared/model/rules.ts';
import type { Path, SchemaFault } from '../schema-faults.ts';

/** Far beyond what anybody needs; rules are judged once a minute at every site, so somewhere there is an end. */
const MOST = { indicators: 80, escalators: 80, weight: 1000, base: 1_000_000, cutoff: 1e9, riseAfter: 60 } as const;
const MOST_TEXT = { reason: 500, by: 120, label: 80, sentence: 400, brief: 160, escalator: 200 } as const;

/** Line breaks and other control characters stand in no phrase, and no database keeps all of them. */
export const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** Sizes that no rules may exceed, and texts that are none. */
export function limitFaults(rules: Rules): SchemaFault[] {
  const faults: SchemaFault[] = [];
  const wrong = (path: Path, message: string) => {
    faults.push({ path, message });
  };
  const text = (path: Path, value: string, most: number) => {
    if (!isPlain(value)) wrong(path, `${path.at(-1) ?? ''} holds characters that are no text`);
    if (value.length > most) wrong(path, `${path.at(-1) ?? ''} is longer than ${most} characters`);
  };
  const few = (name: 'indicators' | 'escalators') => {
    if (rules[name].length > MOST[name]) wrong([name], `more than ${MOST[name]} ${name}`);
  };
  text(['reason'], rules.reason, MOST_TEXT.reason);
  text(['by'], rules.by, MOST_TEXT.by);
  few('indicators');
  few('escalators');
  const { riseAfter, fallMargin } = rules.hysteresis;
  if (riseAfter > MOST.riseAfter)
    wrong(['hysteresis', 'riseAfter'], `riseAfter ${riseAfter} is above ${MOST.riseAfter}`);
  if (fallMargin > 100) wrong(['hysteresis', 'fallMargin'], `fallMargin ${fallMargin} is above 100, the highest score`);
  rules.indicators.forEach((indicator, i) => {
    const at = (key: string): Path => ['indicators', i, key];
    text(at('label'), indicator.label, MOST_TEXT.label);
    text(at('sentence'), indicator.sentence, MOST_TEXT.sentence);
    text(at('brief'), indicator.brief, MOST_TEXT.brief);
    const { weight, minimumBase = 0, cutoffs, siteKinds } = indicator;
    const say = (key: string, message: string) => wrong(at(key), `indicator "${indicator.id}": ${message}`);
    if (weight > MOST.weight) say('weight', `weight ${weight} is above ${MOST.weight}`);
    if (minimumBase > MOST.base) say('minimumBase', `minimumBase ${minimumBase} is above ${MOST.base}`);
    if (cutoffs.some((cutoff) => Math.abs(cutoff) > MOST.cutoff)) say('cutoffs', `a cut-off is beyond ${MOST.cutoff}`);
    if (new Set(siteKinds).size < siteKinds.length) say('siteKinds', 'a kind of site is there twice');
  });
  rules.escalators.forEach(({ reason }, i) => text(['escalators', i, 'reason'], reason, MOST_TEXT.escalator));
  return faults;
}
