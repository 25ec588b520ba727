import type { OwnPreview, Redirection } from '$shared/protocol/redirections';
import { toInstant, type EpochMs } from '$shared/model/time';
import { untrack } from 'svelte';
import { atHour } from '../format/time.ts';
import { postOwn, previewOwn } from '../api/own-offer.ts';
import { countsWith, cutCounts, NOBODY, sumOfCounts } from './draft.ts';

/** Whole hours of today, from and to. */
export interface OwnHours {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const EVERY_MS = 15_000;

/** An offer of somebody's own of one hub's slots: whom they give how many, what that would do, and the two steps that hold it. */
export class OwnDesk {
  /** Null before the first answer. */
  preview: OwnPreview | null = $state.raw(null);
  counts: ReadonlyMap<string, number> = $state.raw(NOBODY);
  /** `available`: fewer are left than are wanted. */
  asking: { readonly available: number | null } | null = $state.raw(null);
  busy = $state.raw(false);
  said = $state.raw('');
  #hub: string;
  #hours: OwnHours;
  #leave = new AbortController();
  #asked: AbortController | null = null;
  #key = crypto.randomUUID();

  constructor(hub: string, hours: OwnHours) {
    this.#hub = hub;
    this.#hours = hours;
  }

  /** Begins to ask; returns the way out. */
  start(): () => void {
    void this.#look();
    const timer = setInterval(() => void this.#look(), EVERY_MS);
    return () => {
      clearInterval(timer);
      this.#leave.abort();
    };
  }

  get total(): number {
    return sumOfCounts(this.counts);
  }

  /** Why a practice cannot have one more; empty: it can. */
  whyNoMore(practice: string): string {
    const { preview, total } = this;
    const chance = preview?.practices.find((each) => each.practice === practice);
    if (!preview || !chance) return 'It is being worked out';
    if (chance.why) return chance.why;
    if (total >= preview.free) return 'The hub has no more slots in these hours';
    if ((this.counts.get(practice) ?? 0) >= chance.most)
      return chance.own ? 'No more are in its reach' : 'The hub lends no more in these hours';
    return '';
  }

  /** Of other hours everybody could have something else: it begins anew. */
  setHours(hours: OwnHours): void {
    if (hours.from === this.#hours.from && hours.to === this.#hours.to) return;
    this.#hours = hours;
    this.preview = null;
    this.said = '';
    this.#take(NOBODY);
  }

  change(practice: string, by: 1 | -1): void {
    this.#take(countsWith(this.counts, practice, by));
  }

  ask(): void {
    this.said = '';
    this.asking = { available: null };
  }
  notYet(): void {
    this.asking = null;
  }

  /** What is held then; null: it was not. */
  async hold(): Promise<Redirection | null> {
    if (this.busy) return null;
    if (this.asking?.available) this.#take(cutCounts(this.counts, this.asking.available));
    this.busy = true;
    this.said = '';
    const answer = await postOwn({ ...this.#body(), key: this.#key }, this.#leave.signal);
    this.busy = false;
    if (this.#leave.signal.aborted) return null;
    if (answer.ok) return answer.body;
    // Of a call that nobody answered nobody knows: sent again it keeps its key.
    if (answer.status >= 400 && answer.status < 500) this.#key = crypto.randomUUID();
    const short = answer.code === 'SLOTS_GONE' && answer.available !== undefined && answer.available > 0;
    this.asking = short ? { available: answer.available ?? null } : null;
    if (!short) this.said = answer.detail || 'No answer came: nobody knows whether it was done. Try it again.';
    void this.#look();
    return null;
  }

  #take(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
    this.asking = null;
    this.#key = crypto.randomUUID();
    void this.#look();
  }

  #body() {
    const { from, to } = this.#hours;
    const shares = [...this.counts].flatMap(([practice, slots]) => (slots > 0 ? [{ practice, slots }] : []));
    return { hub: this.#hub, from: toInstant(from), to: toInstant(to), shares };
  }

  async #look(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const body = untrack(() => this.#body());
    const answer = await previewOwn(body, AbortSignal.any([asked.signal, this.#leave.signal]));
    if (asked.signal.aborted || this.#leave.signal.aborted) return;
    if (answer.ok) this.preview = answer.body;
    else this.said = answer.detail || 'What it would do cannot be worked out just now.';
  }
}

/** Whole hours that are left of a day, first and last, at least one. */
export function hoursLeft(now: EpochMs, last: number): number[] {
  const hours = Array.from({ length: last + 1 }, (_gap, hour) => hour);
  return hours.filter((hour) => hour === last || atHour(now, hour + 1) > now);
}
