import type { RulesFault } from '$shared/protocol/rules';
import { readAt } from './pointer.ts';

const ORDER = ['first', 'second', 'third'];
const LEVELS = ['Level 2', 'Level 3', 'Level 4'];

/** Where a fault lies, in words of the screen: `/indicators/4/cutoffs/2` is "Longest wait now: third cut-off". */
export function sayPlace(rules: unknown, path: string): string {
  if (path === '') return 'The whole';
  const [list, index = '', ...rest] = path.split('/').slice(1);
  if (list === 'levels') return (index === '' ? undefined : LEVELS[Number(index)]) ?? 'Levels';
  if (list !== 'indicators') return path.slice(1).replaceAll('/', ', ');
  const label = readAt(rules, `/indicators/${index}/label`);
  const name = typeof label === 'string' && label !== '' ? label : `Indicator ${Number(index) + 1}`;
  if (rest.length === 0) return name;
  const [field = '', place] = rest;
  return field === 'cutoffs' && place !== undefined
    ? `${name}: ${ORDER[Number(place)] ?? ''} cut-off`
    : `${name}: ${field}`;
}

/** What is wrong, without the place that stands before it anyway. */
export function sayFault({ path, message }: RulesFault): string {
  const dotted = `${path.slice(1).replaceAll('/', '.')} `;
  const bare = message.startsWith(dotted) ? message.slice(dotted.length) : message;
  return bare.replace(/\bmust be (number|integer|string)\b/, (_all, kind: string) =>
    kind === 'integer' ? 'must be a whole number' : kind === 'number' ? 'must be a number' : 'must be text',
  );
}
