import type { EpochMs } from '#shared/model/time.ts';
import { capitalised, sayCount } from '../pressure/phrases.ts';
import { wordsOf } from './cause-words.ts';
import type { Cause } from './cause.ts';
import { onlyPlace, ownerOf } from './causes.ts';
import type { FeedLayout } from './layout.ts';
import { whoAndWhy } from './pauses.ts';
import { FAMILY_FEEDS, inWords, percentOf, sayWhen, some } from './words.ts';

export interface SentenceFacts {
  readonly layout: FeedLayout;
  readonly now: EpochMs;
  readonly of: number;
  readonly trouble: number;
  readonly unasked: number;
  readonly causes: readonly Cause[];
  readonly coverage: number | null;
}

/** What is, in one sentence or two: the gap that hides pressure first, and who must act. Figures marked bold. */
export function feedsSentence(facts: SentenceFacts): string {
  const { of, trouble, unasked, causes } = facts;
  if (of === 0) return 'No feed is connected yet.';
  if (unasked === of) return 'No feed has been asked yet.';
  if (trouble === 0 && causes.length === 0) return unasked === 0 ? allWell(facts) : stillAsking(of, unasked);
  const waiting = unasked === 0 ? '' : `**${sayCount(unasked)}** have not been asked yet.`;
  return [gap(facts), rest(facts), owners(causes), waiting].filter((part) => part !== '').join(' ');
}

const allWell = ({ of, coverage }: SentenceFacts): string => {
  const all = of === 1 ? 'The one feed is on time' : `All **${sayCount(of)}** are on time`;
  return coverage === null
    ? `${all}.`
    : `${all}, and nothing hides pressure: the levels of **${percentOf(coverage)}% of patients** stand.`;
};
const stillAsking = (of: number, unasked: number): string =>
  `**${sayCount(of - unasked)} of ${sayCount(of)}** on time; the others have not been asked yet.`;

/** Practices are unknown by it, or it is we who do not ask. */
const hides = ({ hidden: { unknown, unasked } }: Cause): boolean => unknown > 0 || unasked > 0;

function gap({ layout, now, causes }: SentenceFacts): string {
  const hiding = causes.filter(hides);
  const [first] = hiding;
  if (!first) return '';
  const lead =
    hiding.length === 1 ? 'One gap hides pressure' : `${capitalised(inWords(hiding.length))} gaps hide pressure`;
  const which = hiding.length === 1 ? '' : 'most of it: ';
  const said = `${lead}: ${which}${whatOf(layout, first, now)}, so ${sayHidden(first)}.`;
  // What we do ourselves is never left unsaid behind what others do.
  const pause = first.trouble === 'paused' ? undefined : hiding.find(({ trouble }) => trouble === 'paused');
  return pause ? `${said} ${capitalised(whatOf(layout, pause, now))}, so ${sayHidden(pause)}.` : said;
}

function whatOf(layout: FeedLayout, cause: Cause, now: EpochMs): string {
  const since = cause.since === null ? '' : ` since **${sayWhen(cause.since, now)}**`;
  const who = cause.trouble === 'paused' ? ` ${whoAndWhy(cause)}` : '';
  return `**${nameOf(layout, cause)}** ${wordsOf(cause.trouble)?.verb ?? ''}${since}${who}`;
}

function sayHidden({ hidden: { unknown, unknownPatients, unasked, unaskedSites, unaskedPatients } }: Cause): string {
  const so = `${some(unknown, 'practice')} with ${some(unknownPatients, 'patient')} ${unknown === 1 ? 'is' : 'are'} **unknown**, not calm`;
  if (unasked === 0) return so;
  const turns = unasked === 1 ? 'turns' : 'turn';
  if (unknown > 0) return `${so}, and ${inWords(unasked)} more ${turns} unknown once the last figures are too old`;
  return `the figures of ${unaskedSites} with ${some(unaskedPatients, 'patient')} **stand still** and turn unknown once they are too old`;
}

const nameOf = (layout: FeedLayout, cause: Cause): string => {
  const place = onlyPlace(layout, cause);
  const feed = FAMILY_FEEDS[cause.family];
  return place === null ? `the ${feed} of ${layout.supplierName(cause.supplier)}` : `${place} ${feed}`;
};

function rest({ causes, coverage }: SentenceFacts): string {
  const hiding = causes.filter(hides).length;
  const stand = coverage === null ? '' : `the levels of **${percentOf(coverage)}% of patients** stand`;
  if (hiding === causes.length) return stand === '' ? '' : `${capitalised(stand)}.`;
  const others =
    hiding > 0
      ? 'Everything else is late or partly left out'
      : 'Nothing hides pressure: what is in trouble is late or partly left out';
  return stand === '' ? `${others}.` : `${others}; ${stand}.`;
}

function owners(causes: readonly Cause[]): string {
  const count = (test: (owner: string) => boolean) => causes.filter((cause) => test(ownerOf(cause))).length;
  const [others, ours, itself] = [
    count((o) => o === 'supplier' || o === 'site'),
    count((o) => o === 'ours'),
    count((o) => o === 'itself'),
  ];
  const parts = [
    others > 0 ? `${inWords(others)} ${others === 1 ? 'cause waits' : 'causes wait'} for others` : '',
    ours > 0 ? `${inWords(ours)} ${ours === 1 ? 'is' : 'are'} ours` : '',
    itself > 0 ? `${inWords(itself)} ${itself === 1 ? 'mends itself' : 'mend themselves'}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${capitalised(parts.join(', '))}.`;
}

export const stoppedText = (since: EpochMs | null, now: EpochMs): string =>
  `We stopped asking${since === null ? '' : ` at **${sayWhen(since, now)}**`}: this server polls no feed, and no supplier is at fault.`;
