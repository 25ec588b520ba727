import type { Level } from '$shared/model/level-words';
import type { Accept, Effect, NeedCounts, Redirection, Share } from '$shared/protocol/redirections';
import { peopleOf } from './words.ts';

/** An offer as somebody is changing it: slots by practice. */
export interface Draft {
  readonly id: string;
  /** What was proposed when it was begun: see `sharesKey`. */
  readonly base: string;
  readonly counts: ReadonlyMap<string, number>;
}

/** Who gets how many: the same text while an offer, worked out again and again, stays what it is. */
export const sharesKey = ({ shares }: Pick<Redirection, 'shares'>): string =>
  shares
    .map(({ practice, slots }) => `${practice} ${slots}`)
    .sort()
    .join();

export const draftOf = (redirection: Redirection): Draft => ({
  ...{ id: redirection.id, base: sharesKey(redirection) },
  counts: new Map(redirection.shares.map(({ practice, slots }) => [practice, slots])),
});

export const countOf = (draft: Draft, practice: string): number => draft.counts.get(practice) ?? 0;

export const NOBODY: ReadonlyMap<string, number> = new Map();

/** One more or one fewer for a practice, never fewer than none. */
export const countsWith = (
  counts: ReadonlyMap<string, number>,
  practice: string,
  by: 1 | -1,
): ReadonlyMap<string, number> => new Map(counts).set(practice, Math.max(0, (counts.get(practice) ?? 0) + by));

export const sumOfCounts = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
export const totalOf = (draft: Draft): number => sumOfCounts(draft.counts);

/** Why no practice gets one more: no more wait there, or the hub has none left, as the server counts them; empty: it can. */
export function whyNoMore(draft: Draft, share: Share, { slots, spare, borrowed }: Redirection): string {
  if (totalOf(draft) >= slots + spare)
    return borrowed ? 'The hub lends no more slots in these hours' : 'The hub has no more slots in these hours';
  if (countOf(draft, share.practice) >= Math.max(share.slots, peopleOf(share.waiting))) return 'No more wait there';
  return '';
}

export function changed(draft: Draft, practice: string, by: 1 | -1): Draft {
  return { ...draft, counts: countsWith(draft.counts, practice, by) };
}

export const isChanged = (draft: Draft, { shares }: Redirection): boolean =>
  shares.some(({ practice, slots }) => countOf(draft, practice) !== slots);

export const cutTo = (draft: Draft, available: number): Draft => ({
  ...draft,
  counts: cutCounts(draft.counts, available),
});

/** The same with so many slots left: taken one by one from whoever gets most, so that nobody loses all of theirs first. */
export function cutCounts(given: ReadonlyMap<string, number>, available: number): ReadonlyMap<string, number> {
  const counts = new Map(given);
  for (let over = sumOfCounts(given) - Math.max(0, available); over > 0; over -= 1) {
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    if (!most || most[1] === 0) break;
    counts.set(most[0], most[1] - 1);
  }
  return counts;
}

/** What a decision says of the shares: nothing where they are as proposed. */
export function sharesOf(draft: Draft, redirection: Redirection): Pick<Accept, 'shares'> {
  if (!isChanged(draft, redirection)) return {};
  return { shares: [...draft.counts].map(([practice, slots]) => ({ practice, slots })) };
}

/** Whom it places, as counted while nothing is changed; else in each practice whoever is most urgent comes first. */
export function placedBy(draft: Draft | null, redirection: Redirection): NeedCounts {
  if (!draft || !isChanged(draft, redirection)) return redirection.placed;
  const sum = { urgent: 0, untriaged: 0, soon: 0 };
  for (const { practice, waiting } of redirection.shares) {
    let left = countOf(draft, practice);
    for (const kind of KINDS) {
      const placed = Math.min(left, waiting[kind] ?? 0);
      sum[kind] += placed;
      left -= placed;
    }
  }
  return sum;
}
const KINDS = ['urgent', 'untriaged', 'soon'] as const;

/**
 * An effect when `part` of what was proposed is offered (1: all of it): in proportion, until the server has worked it
 * out. `starts`: scores at which levels 2, 3 and 4 begin.
 */
export function effectOf(effect: Effect, part: number, starts: readonly number[]): Effect {
  const { before, after } = effect;
  if (part === 1 || before.score === null || after.score === null) return effect;
  const score = Math.max(0, before.score + (after.score - before.score) * part);
  return { ...effect, after: { score, level: levelOf(score, starts, before.level, after.level) } };
}

function levelOf(score: number, starts: readonly number[], ...known: readonly (Level | null)[]): Level | null {
  // A unit whose level nobody knows does not get to know it here.
  if (starts.length === 0 || known.includes(null)) return known.at(-1) ?? null;
  const level = 1 + starts.filter((start) => score >= start).length;
  return level === 1 || level === 2 || level === 3 ? level : 4;
}

/** Effects on the practices' side: on what it is offered to, and on each practice whose level moves, worst first. */
export function practiceEffects(redirection: Redirection, draft: Draft | null, starts: readonly number[]): Effect[] {
  const { effects, shares, slots } = redirection;
  const whole = draft && slots > 0 ? totalOf(draft) / slots : 1;
  const partOf = (id: string) => {
    const share = shares.find(({ practice }) => practice === id);
    if (!draft || !share || share.slots === 0) return whole;
    return countOf(draft, id) / share.slots;
  };
  const moving = effects.practices
    .map((effect) => effectOf(effect, partOf(effect.unit), starts))
    .filter(({ before, after }) => before.level !== after.level)
    .sort((a, b) => (b.before.score ?? 0) - (a.before.score ?? 0));
  return [effectOf(effects.unit, whole, starts), ...moving];
}

export const hubEffect = ({ effects, slots }: Redirection, draft: Draft | null, starts: readonly number[]): Effect =>
  effectOf(effects.hub, draft && slots > 0 ? totalOf(draft) / slots : 1, starts);
