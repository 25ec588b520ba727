import type { Absence, AbsenceDetail, FeedState } from '$shared/model/absence';
import { FEED_STATE_WORDS } from '$shared/model/feed-words';

/** The six reasons, each in words of its own: the same on every screen. */
const ABSENCE_WORDS: Readonly<Record<Absence, string>> = {
  'not-onboarded': 'not connected',
  unreachable: 'no answer',
  throttled: 'held back by the supplier',
  rejected: 'refused: not valid',
  closed: 'closed',
  'not-reported': 'not reported',
};

/** Reasons that are no state of a feed: it answers, and yet this number is not there. */
const DETAIL_WORDS: Readonly<Record<Exclude<AbsenceDetail, FeedState>, string>> = {
  stale: 'nothing new for too long',
  'missing-field': 'left out of the answer',
  'missing-site': 'this site is not in the answer',
  'not-expected': 'not expected here',
};

/** Nothing is missing, and yet there is nothing to say. */
const QUIET_WORDS: Readonly<Record<string, string>> = {
  'too-few': 'too few calls to judge',
  'too-early': 'too early to tell',
  none: 'none so far',
  'no-normal': 'nothing usual to compare with',
};

const FEED_WORDS: Readonly<Record<string, string>> = FEED_STATE_WORDS;
/** States that say less than the absence itself. */
const SAY_NOTHING: readonly string[] = ['ok', 'partly-rejected', 'not-onboarded', 'throttled'];

/** Why a number is not there, in the fewest plain words; `null`: nobody said why. */
export function sayAbsence(absence: Absence | null | undefined): string {
  return absence ? ABSENCE_WORDS[absence] : 'not known';
}

/** The same with what lies behind it where that is known: "no answer: certificate has expired". */
export function sayAbsenceFully(absence: Absence | null | undefined, detail: string | null | undefined): string {
  const quiet = detail && absence !== 'closed' ? QUIET_WORDS[detail] : undefined;
  if (quiet) return quiet;
  const why = sayAbsence(absence);
  if (!detail || absence === 'closed' || SAY_NOTHING.includes(detail)) return why;
  const more = (DETAIL_WORDS as Readonly<Record<string, string>>)[detail] ?? FEED_WORDS[detail];
  if (!more) return why;
  return more.startsWith(why) ? more : `${why}: ${more}`;
}

/** A feed's state in plain words; a good one that is late says so. */
export function sayFeedState(state: string, late: boolean): string {
  if (state === 'ok') return late ? 'late' : 'on time';
  return FEED_WORDS[state] ?? state;
}
