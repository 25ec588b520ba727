import { trait } from '../random.ts';

/** Where the records of each wire format stand. */
const LISTS = ['queues', 'services', 'practices', 'declared', 'MetricResults', 'results', 'entry'] as const;
const DEFAULT_SHARE = 0.1;

export type ContentFault = 'duplicate' | 'bad-record' | 'missing-sites';

/** The body with its content broken. CSV: the same by lines. */
export function breakContent(body: string, mode: ContentFault, share = DEFAULT_SHARE): string {
  if (!body.startsWith('{')) return breakLines(body, mode, share);
  const document = JSON.parse(body) as Record<string, unknown>;
  for (const name of LISTS) {
    const records = document[name];
    if (Array.isArray(records) && records.length > 0) document[name] = broken(records, mode, share);
  }
  return JSON.stringify(document);
}

function broken(records: readonly unknown[], mode: ContentFault, share: number): unknown[] {
  if (mode === 'duplicate') return [records[0], ...records];
  const hit = chosen(records.length, share, mode);
  if (mode === 'missing-sites') return records.filter((_, i) => !hit.has(i));
  return records.map((record, i) => (hit.has(i) ? spoil(record, i) : record));
}

/** So many of `count` as the share says: one at least, and one at least is left whole. */
function chosen(count: number, share: number, mode: string): ReadonlySet<number> {
  const most = Math.max(1, count - 1);
  const wanted = Math.min(most, Math.max(1, Math.round(count * share)));
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => trait(mode, a) - trait(mode, b));
  return new Set(order.slice(0, wanted));
}

/** One number of the record, however deep, becomes a text or falls below zero; a FHIR resource loses its start. */
function spoil(record: unknown, i: number): unknown {
  const copy = structuredClone(record);
  const numbers: { holder: Record<string, unknown>; key: string }[] = [];
  const look = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'number') numbers.push({ holder: value as Record<string, unknown>, key });
      else if (key === 'start' && typeof inner === 'string')
        numbers.push({ holder: value as Record<string, unknown>, key });
      else if (!/caller|request|case|contact/i.test(key)) look(inner);
    }
  };
  look(copy);
  const target = numbers[Math.floor(trait('spoil', i) * numbers.length)];
  if (!target) return copy;
  const before = target.holder[target.key];
  target.holder[target.key] = typeof before !== 'number' || i % 2 === 0 ? '1h20' : -1 - before;
  return copy;
}

function breakLines(body: string, mode: ContentFault, share: number): string {
  const [header = '', first = '', ...rest] = body.split('\r\n');
  const lines = [first, ...rest].filter((line) => line !== '');
  if (mode === 'duplicate') return [header, first, ...lines, ''].join('\r\n');
  const hit = chosen(lines.length, share, mode);
  const kept =
    mode === 'missing-sites'
      ? lines.filter((_, i) => !hit.has(i))
      : lines.map((line, i) => (hit.has(i) ? line.replace(/,\d+,/, i % 2 === 0 ? ',1h20,' : ',-3,') : line));
  return [header, ...kept, ''].join('\r\n');
}
