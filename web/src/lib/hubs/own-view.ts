import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';

/** An offer of one's own lives in the address: its hub, and its whole hours, from and to. */
export class OwnView {
  get hub(): string | null {
    return page.url.searchParams.get('own');
  }
  get hours(): readonly [from: number, to: number] | null {
    const found = /^(\d{1,2})-(\d{1,2})$/.exec(page.url.searchParams.get('hours') ?? '');
    return found ? [Number(found[1]), Number(found[2])] : null;
  }

  begin(hub: string): void {
    this.#set({ own: hub, hours: null });
  }
  leave(): void {
    this.#set({ own: null, hours: null });
  }
  setHours(from: number, to: number): void {
    this.#set({ hours: `${from}-${to}` });
  }
  /** What was offered is looked at from now on. */
  toOffer(id: string): void {
    this.#set({ own: null, hours: null, offer: id });
  }

  #set(changes: Readonly<Record<string, string | null>>): void {
    void goto(withQuery(page.url, changes), { replace: true, reset: false });
  }
}
