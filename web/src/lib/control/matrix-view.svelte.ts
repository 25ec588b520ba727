import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';

const list = (text: string | null) => new Set((text ?? '').split(',').filter(Boolean));

/** Filter, pins and opened groups live in the address, so that a link restores exactly this view. */
export class MatrixView {
  get find(): string {
    return page.url.searchParams.get('find') ?? '';
  }
  get pinned(): ReadonlySet<string> {
    return list(page.url.searchParams.get('pin'));
  }
  get open(): ReadonlySet<string> {
    return list(page.url.searchParams.get('open'));
  }

  setFind(text: string): void {
    this.#set('find', text.trim());
  }
  togglePin(id: string): void {
    this.#toggle('pin', this.pinned, id);
  }
  toggleOpen(id: string): void {
    this.#toggle('open', this.open, id);
  }

  #toggle(name: string, ids: ReadonlySet<string>, id: string): void {
    const next = ids.has(id) ? [...ids].filter((known) => known !== id) : [...ids, id];
    this.#set(name, next.join(','));
  }

  #set(name: string, value: string): void {
    void goto(withQuery(page.url, { [name]: value || null }), { replace: true, reset: false });
  }
}
