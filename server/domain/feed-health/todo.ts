import { HOUR, MINUTE, sayTime, type EpochMs } from '#shared/model/time.ts';
import { capitalised } from '../pressure/phrases.ts';
import { wordsOf } from './cause-words.ts';
import type { Cause } from './cause.ts';
import type { FeedLayout } from './layout.ts';
import { pauseWords } from './pauses.ts';

const MOST_CHARS = 120;

/** What to do, in two short lines: ours in so many words, else whom to call; then what happens meanwhile. */
export function todoOf(
  layout: FeedLayout,
  cause: Cause,
  next: EpochMs | null,
  now: EpochMs,
): { readonly todo: string; readonly more: string } {
  const words = wordsOf(cause.trouble);
  if (words === null) return { todo: '', more: '' };
  if (words.owner === 'itself')
    return { todo: words.ours ?? '', more: lasting(cause, now) ? 'It goes on: ask for more.' : asked(next, now) };
  if (cause.trouble === 'paused') return { todo: `**Ours:** ${words.ours ?? ''}`, more: pauseWords(cause, now) };
  if (words.owner === 'ours')
    return { todo: `**Ours:** ${words.ours ?? ''}`, more: faultOf(cause) || asked(next, now) };
  return { todo: call(layout, cause), more: words.more ?? asked(next, now) };
}

function call(layout: FeedLayout, { supplier, subject, pairs }: Cause): string {
  const [first] = pairs;
  if (subject !== 'supplier' && first) return `Call ${first.site.name}.`;
  const contact = layout.supplier(supplier)?.contact ?? null;
  const name = layout.supplierName(supplier);
  return contact === null ? `Call ${name}.` : `Call ${name}: ${contact.replace(/\.$/, '')}.`;
}

function asked(next: EpochMs | null, now: EpochMs): string {
  if (next === null) return 'Not asked again by itself.';
  return next - now < MINUTE ? 'Asked again within a minute.' : `Asked again at ${sayTime(next)}.`;
}

/** Long enough for waiting not to be the answer. */
const lasting = ({ since }: Cause, now: EpochMs): boolean => since !== null && now - since > HOUR;

function faultOf({ statuses }: Cause): string {
  const fault = statuses.find((status) => status.fault !== '')?.fault ?? '';
  if (fault === '') return '';
  return `${capitalised(fault.length > MOST_CHARS ? `${fault.slice(0, MOST_CHARS)}…` : fault).replace(/\.$/, '')}.`;
}
