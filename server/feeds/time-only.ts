/** Times in one body that may differ; a payload with more of them is read again. */
const MAX_WINDOWS = 8;
const MAX_BLANKS = 8;
/** Bytes that are compared one by one. */
const NEAR = 256;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** RFC 3339 with its offset. Nothing in it needs an escape, so up to the next quote it is the whole text. */
const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-][01]\d:[0-5]\d)$/;
const MAX_TIME = 40;

/**
 * Whether `body` is `last`, a body that was parsed as JSON, but for the times under `keys` (plain names). Compares bytes
 * and parses nothing. True only where that is certain; where it is not, the body counts as changed.
 *
 * Why it is certain: up to the first difference both are the same text, and that text is the beginning of valid JSON. A
 * quote there that no backslash precedes, followed by a key's name, a quote and a colon, can only open that key (inside
 * a string it would be escaped; after a string no name may follow), so the next quote opens its value. The value is a
 * time in both, so both are again at the same place of the same document behind it.
 */
export function sameButForTime(last: Buffer, body: Buffer, keys: readonly string[]): boolean {
  if (Math.abs(last.length - body.length) > MAX_WINDOWS * MAX_TIME) return false;
  let i = 0;
  let j = 0;
  for (let windows = 0; windows <= MAX_WINDOWS; windows++) {
    const common = commonLength(last, i, body, j);
    const [inLast, inBody] = [i + common, j + common];
    if (inLast === last.length && inBody === body.length) return true;
    const open = openingQuote(last, inLast, i);
    if (open === -1 || !followsKey(last, open, keys)) return false;
    // What stands between the opening quote and the difference is the same in both.
    j = endOfTime(body, open + inBody - inLast);
    i = endOfTime(last, open);
    if (i === -1 || j === -1) return false;
  }
  return false;
}

/** The first of the times under `keys` in a body that was parsed as JSON; null where there is none. */
export function firstTime(body: Buffer, keys: readonly string[]): string | null {
  let first = body.length;
  for (const key of keys) {
    const at = body.indexOf(`"${key}"`, 0, 'latin1');
    if (at !== -1 && at < first) first = at;
  }
  if (first === body.length || body[first - 1] === BACKSLASH) return null;
  const open = body.indexOf(QUOTE, body.indexOf(QUOTE, first + 1) + 1);
  if (open === -1 || !followsKey(body, open, keys)) return null;
  const end = endOfTime(body, open);
  return end === -1 ? null : body.toString('latin1', open + 1, end);
}

/**
 * How many bytes are the same from `i` and `j` on. A payload's time mostly stands at its beginning, so that is looked at
 * byte by byte and the rest at once, by the engine's own comparison; only a difference further on is searched for.
 */
function commonLength(a: Buffer, i: number, b: Buffer, j: number): number {
  const most = Math.min(a.length - i, b.length - j);
  let done = 0;
  for (const near = Math.min(most, NEAR); done < near; done++) if (a[i + done] !== b[j + done]) return done;
  if (same(a, i + done, b, j + done, most - done)) return most;
  for (let left = most - done; left > NEAR; left = Math.min(left, most - done)) {
    const half = left >> 1;
    if (same(a, i + done, b, j + done, half)) done += half;
    left = half;
  }
  while (done < most && a[i + done] === b[j + done]) done++;
  return done;
}

const same = (a: Buffer, i: number, b: Buffer, j: number, length: number): boolean =>
  a.compare(b, j, j + length, i, i + length) === 0;

/** The last quote before `at`, not before `from`; -1 where there is none within the length of a time. */
function openingQuote(body: Buffer, at: number, from: number): number {
  for (let i = at - 1; i >= from && i >= at - MAX_TIME; i--) if (body[i] === QUOTE) return i;
  return -1;
}

/** Whether the quote at `open` opens the value of one of the keys. */
function followsKey(body: Buffer, open: number, keys: readonly string[]): boolean {
  const colon = skipBlanks(body, open - 1);
  if (body[colon] !== COLON) return false;
  const close = skipBlanks(body, colon - 1);
  if (body[close] !== QUOTE) return false;
  for (const key of keys) {
    const start = close - key.length;
    if (body[start - 1] === QUOTE && body[start - 2] !== BACKSLASH && body.toString('latin1', start, close) === key)
      return true;
  }
  return false;
}

function skipBlanks(body: Buffer, at: number): number {
  for (let i = at; i >= 0 && i > at - MAX_BLANKS; i--) {
    const c = body[i];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return i;
  }
  return -1;
}

/** Where the time that begins behind `open` ends (its closing quote); -1 where it is no time. */
function endOfTime(body: Buffer, open: number): number {
  const end = body.indexOf(QUOTE, open + 1);
  if (end === -1 || end - open > MAX_TIME) return -1;
  return TIME.test(body.toString('latin1', open + 1, end)) ? end : -1;
}
