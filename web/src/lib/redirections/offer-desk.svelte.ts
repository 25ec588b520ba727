import type { Refusal } from '$shared/model/refusals';
import type { Redirection } from '$shared/protocol/redirections';
import { postRedirection, type RedirectionVerb } from '../api/redirections.ts';
import { sayCount } from '../format/numbers.ts';
import type { Live } from '../live/live.svelte.ts';
import { instantMs } from '../format/time.ts';
import type { UndoDesk } from '../ui/undo.svelte.ts';
import { changed, cutTo, draftOf, sharesKey, sharesOf, totalOf, type Draft } from './draft.ts';
import type { RedirectionsBook } from './redirections-book.svelte.ts';
import { sayInstant, shortName } from './words.ts';

/** What somebody is being asked about the redirection that is selected. `short`: so many of the slots are left. */
export type Asking =
  /** `base`: who got how many when it was asked. */
  | { readonly kind: 'hold'; readonly base: string }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'booked' }
  | { readonly kind: 'short'; readonly available: number; readonly wanted: number };

interface Call {
  readonly id: string;
  readonly verb: RedirectionVerb;
  readonly body: Readonly<Record<string, unknown>> & { readonly revision: number };
}

/** Decides about redirections: what is being changed and asked, one call at a time, and what came of it. */
export class OfferDesk {
  draft: Draft | null = $state.raw(null);
  asking: ({ readonly id: string } & Asking) | null = $state.raw(null);
  /** Whose call is on its way. */
  busy: string | null = $state.raw(null);
  /** What the server said against it, until it is put away. */
  said: { readonly id: string; readonly text: string } | null = $state.raw(null);
  #book: () => RedirectionsBook | null;
  #undo: UndoDesk;
  #clock: Pick<Live, 'now' | 'speed'>;
  #quiet: () => boolean;
  #leave = new AbortController();
  /** The last call of which nobody knows whether it came through: sent again it keeps its key. */
  #unsure: { readonly call: string; readonly key: string } | null = null;

  /** `quiet`: the page itself says what was done and has the way back. */
  constructor(
    book: () => RedirectionsBook | null,
    undo: UndoDesk,
    clock: Pick<Live, 'now' | 'speed'>,
    quiet: () => boolean = () => false,
  ) {
    this.#book = book;
    this.#quiet = quiet;
    this.#undo = undo;
    this.#clock = clock;
  }

  /** The offer as it is being changed, or as it is proposed. */
  draftOf(redirection: Redirection): Draft {
    const { draft } = this;
    return draft?.id === redirection.id && draft.base === sharesKey(redirection) ? draft : draftOf(redirection);
  }

  /** It was worked out anew while somebody was changing it: the change no longer fits. */
  isOvertaken(redirection: Redirection): boolean {
    return this.draft?.id === redirection.id && this.draft.base !== sharesKey(redirection);
  }

  change(redirection: Redirection, practice: string, by: 1 | -1): void {
    this.draft = changed(this.draftOf(redirection), practice, by);
    if (this.asking?.id === redirection.id) this.asking = null;
  }

  ask(redirection: Redirection, asking: Asking): void {
    this.said = null;
    this.asking = { id: redirection.id, ...asking };
  }

  askToHold(redirection: Redirection): void {
    this.ask(redirection, { kind: 'hold', base: sharesKey(redirection) });
  }

  notYet(): void {
    this.asking = null;
  }

  /** What was begun on another one is dropped. */
  lookAt(id: string | null): void {
    if (this.draft?.id !== id) this.draft = null;
    if (this.asking?.id !== id) this.asking = null;
    if (this.said?.id !== id) this.said = null;
  }

  async hold(redirection: Redirection): Promise<void> {
    const draft = this.#wanted(redirection);
    const done = await this.#call({
      ...{ id: redirection.id, verb: 'accept' },
      body: { revision: redirection.revision, ...sharesOf(draft, redirection) },
    });
    if (!done) return;
    this.draft = null;
    this.tellHeld(done);
  }

  /** Says that it is held, with the way back. */
  tellHeld(done: Redirection): void {
    const slots = sayCount(done.slots, 'slot');
    this.#offerUndo(done, `${slots} at ${shortName(done.hubName)} held to ${sayInstant(done.heldUntil)}.`);
  }

  async refuse(redirection: Redirection, reason: Refusal): Promise<void> {
    const done = await this.#decide(redirection, 'refuse', { reason });
    if (done) this.#offerUndo(done, `Refused: ${shortName(done.hubName)} to ${done.unitName}.`);
  }

  async release(redirection: Redirection): Promise<void> {
    const done = await this.#decide(redirection, 'release');
    if (done) this.#offerUndo(done, `Given back to ${shortName(done.hubName)}.`);
  }

  async keep(redirection: Redirection): Promise<void> {
    const done = await this.#decide(redirection, 'keep');
    if (done && !this.#quiet()) this.#undo.say(`Held to ${sayInstant(done.heldUntil)} now.`);
  }

  async undo(redirection: Redirection): Promise<void> {
    const done = await this.#decide(redirection, 'undo');
    if (done && !this.#quiet()) this.#undo.say('Taken back: nothing is held, and the practices are told.');
  }

  async acknowledge(redirection: Redirection, practice: string): Promise<void> {
    await this.#decide(redirection, 'acknowledge', { practice });
  }

  async fulfil(redirection: Redirection, booked: number): Promise<void> {
    await this.#decide(redirection, 'fulfil', { booked });
  }

  close(): void {
    this.#leave.abort();
  }

  /** With slots gone meanwhile, what is left of them; never more silently, never less. */
  #wanted(redirection: Redirection): Draft {
    const draft = this.draftOf(redirection);
    const { asking } = this;
    return asking?.id === redirection.id && asking.kind === 'short' ? cutTo(draft, asking.available) : draft;
  }

  #decide(redirection: Redirection, verb: RedirectionVerb, more: object = {}): Promise<Redirection | null> {
    return this.#call({ id: redirection.id, verb, body: { revision: redirection.revision, ...more } });
  }

  async #call({ id, verb, body }: Call): Promise<Redirection | null> {
    if (this.busy !== null) return null;
    this.busy = id;
    this.said = null;
    const call = `${id} ${verb} ${JSON.stringify(body)}`;
    const key = this.#unsure?.call === call ? this.#unsure.key : crypto.randomUUID();
    this.#unsure = { call, key };
    const answer = await postRedirection(id, verb, { ...body, key }, this.#leave.signal);
    this.busy = null;
    if (this.#leave.signal.aborted) return null;
    const book = this.#book();
    if (answer.ok) {
      this.#unsure = null;
      this.asking = null;
      book?.take(answer.body);
      return answer.body;
    }
    if (answer.status >= 400 && answer.status < 500) this.#unsure = null;
    this.#refused(id, answer);
    book?.changed();
    return null;
  }

  #refused(id: string, answer: { status: number; code: string; detail: string; available?: number }): void {
    const redirection = this.#book()?.body?.redirections.find((each) => each.id === id);
    if (answer.code === 'SLOTS_GONE' && answer.available !== undefined && redirection) {
      const draft = this.#wanted(redirection);
      this.asking = { id, kind: 'short', available: answer.available, wanted: totalOf(draft) };
      return;
    }
    // Worked out anew between two looks: the question stays, and says what is different.
    const again = answer.code === 'REDIRECTION_MOVED_ON' && redirection?.state === 'proposed';
    if (!again) this.asking = null;
    this.said = { id, text: sayRefused(answer) };
  }

  #offerUndo(done: Redirection, text: string): void {
    if (this.#quiet()) return;
    const until = instantMs(done.undoUntil);
    const left = () => {
      const { now, speed } = this.#clock;
      return until === null || now === null ? 0 : (until - now) / Math.max(1, speed);
    };
    if (left() <= 0) this.#undo.say(text);
    else this.#undo.offer(text, () => void this.undo(done), left);
  }
}

/** Why it was not done; nobody knows whether it was where no answer came. */
function sayRefused({ status, code, detail }: { status: number; code: string; detail: string }): string {
  if (status === 0) return 'No answer came: nobody knows whether it was done. Try it again, or wait: the list follows.';
  if (code === 'UNDO_OVER') return detail || 'The minute is over: it can be released, not taken back.';
  return detail || 'It was not done. The list has been read again.';
}
