/** What JSON can hold. */
type Plain = unknown;

/**
 * What turns one plain value into another: `[value]` stands for the new value itself; otherwise keys (or places of an
 * array of the same length) that differ and the delta of each, in turn, with 0 where a key has gone. Lists, because reading
 * and going through objects of ever different keys takes about twice as long.
 */
export type Delta = readonly [Plain] | readonly (string | Delta | 0)[];

type Bag = Readonly<Record<string, Plain>>;
const isBag = (value: Plain): value is Bag => typeof value === 'object' && value !== null;

/** The shortest way from `before` to `after`, or null where they are the same. Undefined fields count as not there. */
export function diff(before: Plain, after: Plain): Delta | null {
  if (before === after) return null;
  if (!isBag(before) || !isBag(after)) return [after];
  if (!Array.isArray(before) && !Array.isArray(after)) return diffFields(before, after);
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return [after];
  return diffFields(before as unknown as Bag, after as unknown as Bag);
}

function diffFields(before: Bag, after: Bag): Delta | null {
  const found: (string | Delta | 0)[] = [];
  for (const key of Object.keys(after)) {
    if (after[key] === undefined || before[key] === after[key]) continue;
    const delta = before[key] === undefined ? ([after[key]] as const) : diff(before[key], after[key]);
    if (delta !== null) found.push(key, delta);
  }
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && after[key] === undefined) found.push(key, 0);
  }
  return found.length === 0 ? null : found;
}

const isWhole = (delta: Delta): delta is readonly [Plain] => delta.length === 1;

/**
 * `before` after `delta`; what does not change stays the same object. Throws where the two do not belong together.
 * `owned` holds the copies that were made on the way: of many changes to one value only the first has to copy it.
 */
export function apply(before: Plain, delta: Delta, owned: Set<object> = new Set()): Plain {
  if (isWhole(delta)) return delta[0];
  if (!isBag(before)) throw new TypeError('a change of fields has nothing to change');
  const after = own(before, owned);
  for (let i = 0; i < delta.length; i += 2) {
    const [key, change] = [delta[i] as string, delta[i + 1] as Delta | 0];
    if (change === 0) Reflect.deleteProperty(after, key);
    else after[key] = apply(after[key], change, owned);
  }
  return after;
}

/**
 * `before` after `delta`, changed in place and so several times as fast: for values that nobody else holds yet. The delta's
 * own values become part of it. Throws as `apply` does.
 */
export function put(before: Plain, delta: Delta): Plain {
  if (isWhole(delta)) return delta[0];
  if (!isBag(before)) throw new TypeError('a change of fields has nothing to change');
  const value = before as Record<string, Plain>;
  for (let i = 0; i < delta.length; i += 2) {
    const key = delta[i] as string;
    const change = delta[i + 1] as Delta | 0;
    if (change === 0) Reflect.deleteProperty(value, key);
    else value[key] = isWhole(change) ? change[0] : put(value[key], change);
  }
  return value;
}

function own(value: Bag, owned: Set<object>): Record<string, Plain> {
  if (owned.has(value)) return value;
  const copy = (Array.isArray(value) ? [...(value as Plain[])] : { ...value }) as Record<string, Plain>;
  owned.add(copy);
  return copy;
}
