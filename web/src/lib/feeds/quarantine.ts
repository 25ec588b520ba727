import type { QuarantineGroupBody } from '$shared/protocol/feeds';
import { sayCount } from '../format/numbers.ts';
import { instantMs, sayTime } from '../format/time.ts';

/** Words that need the name before them to mean anything. */
const SHORT = 7;

/** The last name of a JSON pointer, without indexes; with the one before it where it is short: `resource.start`. */
export function shortField(pointer: string): string {
  const names = pointer.split('/').filter((part) => part !== '' && part !== '*' && !/^\d+$/.test(part));
  const last = names.at(-1) ?? '';
  return names
    .slice(last.length <= SHORT ? -2 : -1)
    .join('.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** A refused value without the quotes that JSON puts round a text. */
export const bareExample = (example: string): string => example.replace(/^"(.*)"$/s, '$1');

/** Whose records they are, how many feeds, since when, and which cause they belong to. */
export function groupSource(group: QuarantineGroupBody): string {
  const since = instantMs(group.firstAt);
  const words = [
    group.supplierName,
    sayCount(group.feeds.length, 'feed'),
    since === null ? '' : group.count === 1 ? `once at ${sayTime(since)}` : `since ${sayTime(since)}`,
  ];
  return `${words.filter(Boolean).join(', ')}${group.cause ? ` · cause ${group.cause}` : ''}`;
}
