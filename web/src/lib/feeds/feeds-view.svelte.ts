import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';

type Name = 'cause' | 'feed' | 'group' | 'answer' | 'q' | 'open';
const setOf = (text: string | null): ReadonlySet<string> => new Set((text ?? '').split(',').filter(Boolean));

/** What is open on the feeds screen. All of it lives in the address, so that a link restores exactly this view. */
export class FeedsView {
  /** Key of the cause whose feeds are shown. */
  get cause(): string | null {
    return this.#get('cause');
  }
  /** The one feed that is looked at. */
  get feed(): string | null {
    return this.#get('feed');
  }
  /** Quarantine group whose records are shown. */
  get group(): string | null {
    return this.#get('group');
  }
  /** Feed whose last answer is shown. */
  get answer(): string | null {
    return this.#get('answer');
  }
  /** What is looked for in the list of all feeds; null while the list is not open. */
  get find(): string | null {
    return this.#get('q');
  }
  /** Places whose neighbourhoods are shown. */
  get open(): ReadonlySet<string> {
    return setOf(this.#get('open'));
  }

  /** A step that the way back undoes. */
  show(changes: Partial<Record<Name, string | null>>): void {
    void this.#go(changes, false);
  }
  /** Typing: the address follows, the way back does not. */
  setFind(text: string): void {
    void this.#go({ q: text }, true);
  }
  toggleOpen(place: string): void {
    const open = this.open;
    const next = open.has(place) ? [...open].filter((id) => id !== place) : [...open, place];
    void this.#go({ open: next.join(',') || null }, true);
  }

  #get(name: Name): string | null {
    return page.url.searchParams.get(name);
  }

  #go(changes: Partial<Record<Name, string | null>>, replace: boolean): Promise<unknown> {
    return goto(withQuery(page.url, changes), { replace, reset: false });
  }
}
