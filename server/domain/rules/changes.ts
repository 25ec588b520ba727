import type { IndicatorRule, Rules } from '#shared/model/rules.ts';
import type { RulesChange } from '#shared/protocol/rules.ts';
import { toPointer } from '../schema-faults.ts';
import { escalatorWords, fieldName, fieldWords, indicatorWords, settingName, settingWords } from './change-words.ts';

type Leaves = ReadonlyMap<string, unknown>;
type Escalator = Rules['escalators'][number];
type Say = (path: string, text: string, before: string | null, after: string | null) => void;

const ABOUT: readonly string[] = ['version', 'reason', 'published', 'by', 'indicators', 'escalators'];

/** Every value within `value` by its path; a list of texts is one value. */
function leavesOf(value: object, skip: readonly string[] = []): Leaves {
  const leaves = new Map<string, unknown>();
  const walk = (part: unknown, path: string) => {
    if (part === undefined) return;
    if (typeof part !== 'object' || part === null) leaves.set(path, part);
    else if (Array.isArray(part) && part.every((item) => typeof item === 'string')) leaves.set(path, part.join(', '));
    else for (const [key, inner] of Object.entries(part)) walk(inner, path === '' ? key : `${path}/${key}`);
  };
  for (const [key, part] of Object.entries(value)) if (!skip.includes(key)) walk(part, key);
  return leaves;
}

/** Paths at which two differ: those of `after` first, as they are written there, then what is gone. */
function differing(before: Leaves, after: Leaves): string[] {
  const paths = [...new Set([...after.keys(), ...before.keys()])];
  return paths.filter((path) => before.get(path) !== after.get(path));
}

/** By a name that stays while the list is reordered; a name that comes again is numbered. */
function keyed<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    let name = nameOf(item);
    for (let n = 2; found.has(name); n += 1) name = `${nameOf(item)}#${n}`;
    found.set(name, item);
  }
  return found;
}

/** Of two lists by name: what both have, and whether those stand in another order. */
function common(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>) {
  const kept = [...after.keys()].filter((name) => before.has(name));
  const was = [...before.keys()].filter((name) => after.has(name));
  return { kept, moved: kept.some((name, i) => name !== was[i]) };
}

const arrow = (what: string, before: string | null, after: string | null) =>
  `${what} ${before ?? 'not set'} → ${after ?? 'not set'}`;

/**
 * What `after` says otherwise than `before`, in words: every value that differs once, a whole indicator or escalator that
 * came or went as one. Which version it is, and why, is no difference. Paths name indicators and escalators by id, not by
 * place. Empty exactly when both have the same content.
 */
export function rulesChanges(before: Rules, after: Rules): RulesChange[] {
  const changes: RulesChange[] = [];
  const say: Say = (path, text, was, is) => {
    changes.push({ path, text, before: was, after: is });
  };
  const was = leavesOf(before, ABOUT);
  const is = leavesOf(after, ABOUT);
  for (const path of differing(was, is)) {
    const [from, to] = [settingWords(path, was.get(path)), settingWords(path, is.get(path))];
    say(toPointer(path.split('/')), arrow(settingName(path), from, to), from, to);
  }
  indicatorChanges(before.indicators, after.indicators, say);
  escalatorChanges(before, after, say);
  return changes;
}

function indicatorChanges(before: readonly IndicatorRule[], after: readonly IndicatorRule[], say: Say): void {
  const [was, is] = [keyed(before, ({ id }) => id), keyed(after, ({ id }) => id)];
  for (const [id, rule] of is) {
    const earlier = was.get(id);
    const path = (field: string) => toPointer(['indicators', id, ...field.split('/')]);
    if (!earlier) {
      const words = indicatorWords(rule);
      say(toPointer(['indicators', id]), `New indicator ${rule.label} (${words})`, null, words);
      continue;
    }
    const [from, to] = [leavesOf(earlier, ['id']), leavesOf(rule, ['id'])];
    for (const field of differing(from, to)) {
      const values = [fieldWords(field, from.get(field), earlier), fieldWords(field, to.get(field), rule)] as const;
      say(path(field), `${earlier.label}: ${arrow(fieldName(field), ...values)}`, ...values);
    }
  }
  for (const [id, rule] of was) {
    if (is.has(id)) continue;
    const words = indicatorWords(rule);
    say(toPointer(['indicators', id]), `Indicator ${rule.label} taken out (${words})`, words, null);
  }
  const { kept, moved } = common(was, is);
  if (!moved) return;
  const order = (rules: ReadonlyMap<string, unknown>) => [...rules.keys()].filter((id) => kept.includes(id)).join(', ');
  const [from, to] = [order(was), order(is)];
  say('/indicators', arrow('Order of the indicators', from, to), from, to);
}

function escalatorChanges(before: Rules, after: Rules, say: Say): void {
  const nameOf = ({ indicator, points }: Escalator) => `${indicator}@${points}`;
  const [was, is] = [keyed(before.escalators, nameOf), keyed(after.escalators, nameOf)];
  const labelIn = (rules: Rules) => (id: string) => rules.indicators.find((rule) => rule.id === id)?.label ?? id;
  const words = (rules: Rules, escalator: Escalator) => escalatorWords(escalator, labelIn(rules));
  for (const [name, escalator] of is) {
    const earlier = was.get(name);
    const path = toPointer(['escalators', name]);
    const now = words(after, escalator);
    if (!earlier) {
      say(path, `New escalator: ${now}`, null, now);
      continue;
    }
    const [from, to] = [words(before, earlier), now];
    if (earlier.level !== escalator.level) say(`${path}/level`, `Escalator: ${from} → ${to}`, from, to);
    if (earlier.reason === escalator.reason) continue;
    const reasons = [`“${earlier.reason}”`, `“${escalator.reason}”`] as const;
    say(`${path}/reason`, arrow(`Escalator, ${to}: reason`, ...reasons), ...reasons);
  }
  for (const [name, escalator] of was) {
    const then = words(before, escalator);
    if (!is.has(name)) say(toPointer(['escalators', name]), `Escalator taken out: ${then}`, then, null);
  }
  const { kept, moved } = common(was, is);
  if (moved) {
    const order = (all: ReadonlyMap<string, unknown>) =>
      [...all.keys()].filter((name) => kept.includes(name)).join(', ');
    say('/escalators', arrow('Order of the escalators', order(was), order(is)), order(was), order(is));
  }
}
