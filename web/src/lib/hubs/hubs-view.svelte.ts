import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';

/** What is on the screen lives in the address: place, opened place, what is chosen, looked for, and as a table. */
export class HubsView {
  get place(): string | null {
    return this.#get('place');
  }
  get open(): string | null {
    return this.#get('open');
  }
  /** Hub or practice whose other side is shown. */
  get chosen(): string | null {
    return this.#get('chosen');
  }
  /** Redirection that is looked at. */
  get offer(): string | null {
    return this.#get('offer');
  }
  /** Changes that are tried out, as the address holds them; empty: none yet; null: nothing is tried. */
  get whatIf(): string | null {
    return this.#get('if');
  }
  get find(): string {
    return this.#get('find') ?? '';
  }
  get table(): boolean {
    return this.#get('as') === 'table';
  }

  toggleOpen(id: string): void {
    this.#set({ open: this.open === id ? null : id });
  }
  choose(id: string): void {
    this.#set({ chosen: this.chosen === id ? null : id });
  }
  clear(): void {
    this.#set({ chosen: null });
  }
  setFind(text: string): void {
    this.#set({ find: text.trim() || null });
  }
  setTable(table: boolean): void {
    this.#set({ as: table ? 'table' : null });
  }
  setWhatIf(changes: string | null): void {
    this.#set({ if: changes });
  }
  setOffer(id: string | null): void {
    if (id !== this.offer) this.#set({ offer: id });
  }
  /** Address of one offer's own page, which phones have. */
  hrefOfOffer(id: string | null): string {
    return withQuery(page.url, { offer: id });
  }
  /** Address of a place's own screen, from where one is in time. */
  hrefOf(place: string | null): string {
    return withQuery(page.url, { place, open: null, chosen: null, find: null, offer: null, own: null, hours: null });
  }

  #get(name: string): string | null {
    return page.url.searchParams.get(name);
  }
  #set(changes: Readonly<Record<string, string | null>>): void {
    void goto(withQuery(page.url, changes), { replace: true, reset: false });
  }
}
