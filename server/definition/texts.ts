/** Readers of the short texts that people write in a definition. All give null for what they do not understand. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** `5s`, `3 min`, `1.5 h` in milliseconds. */
export function readDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim());
  const unit = UNIT_MS[match?.[2]?.toLowerCase() ?? ''];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null;
}

/** ISO `2026-03-01`, or `01/03/2026`, which is what a British spreadsheet makes of it. Gives ISO. */
export function readDate(text: string): string | null {
  const british = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const iso = british ? `${british[3]}-${british[2]?.padStart(2, '0')}-${british[1]?.padStart(2, '0')}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return null;
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString();
  } catch {
    return null;
  }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ISO `2025-10`, or `Oct-25` and `01/10/2025`, which is what spreadsheets make of it. Gives `YYYY-MM`. */
export function readMonth(text: string): string | null {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  const short = /^([a-z]{3})-(\d{2}|\d{4})$/i.exec(text);
  if (short) {
    const month = MONTHS.indexOf(short[1]?.toLowerCase() ?? '') + 1;
    const year = short[2]?.length === 2 ? `20${short[2]}` : short[2];
    return month === 0 ? null : `${year}-${String(month).padStart(2, '0')}`;
  }
  return readDate(text)?.slice(0, 7) ?? null;
}

/** A plain decimal number; `12,345` as a spreadsheet may show it is 12345. */
export function readNumber(text: string): number | null {
  if (!/^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(text)) return null;
  return Number(text.replaceAll(',', ''));
}

/** A code cell without what spreadsheets wrap codes in to keep them text: `'00123` or `="00123"`. */
export function readCode(text: string): string {
  return text
    .replace(/^="(.*)"$/, '$1')
    .replace(/^'/, '')
    .trim();
}

/** `key=value; key=value`. Null parts are reported by `wrong`. */
export function readPairs(text: string, wrong: (part: string) => void): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const part of readList(text)) {
    const match = /^([a-z][a-z-]*)\s*=\s*(\S(?:.*\S)?)$/.exec(part);
    if (!match?.[1] || !match[2] || Object.hasOwn(pairs, match[1])) wrong(part);
    else pairs[match[1]] = match[2];
  }
  return pairs;
}

/** Parts between semicolons, blanks left out. */
export function readList(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
