import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';
import { isColumn, type Column, type Order } from './rows.ts';

/** What is on the screen lives in the address: the week, whose, and by what it is sorted. */
export class WeekView {
  /** ISO week; null: the current one. */
  get week(): string | null {
    return this.#get('week');
  }
  get unit(): string | null {
    return this.#get('unit');
  }
  /** Null: as the places stand. */
  get order(): Order | null {
    const text = this.#get('sort') ?? '';
    const column = text.replace(/^-/, '');
    return isColumn(column) ? { column, down: text.startsWith('-') } : null;
  }

  /** Greatest first, then least first, then as they stand. */
  sortBy(column: Column): void {
    const { order } = this;
    const sort = order?.column !== column ? `-${column}` : order.down ? column : null;
    this.#sort(sort);
  }
  /** By that column, greatest first; null: as they stand. */
  sort(column: Column | null): void {
    this.#sort(column && `-${column}`);
  }
  setUnit(unit: string | null): void {
    void goto(withQuery(page.url, { unit }), { replace: true, reset: false });
  }
  hrefOf(changes: { readonly week?: string | null; readonly unit?: string | null }): string {
    return withQuery(page.url, changes);
  }

  #sort(sort: string | null): void {
    void goto(withQuery(page.url, { sort }), { replace: true, reset: false });
  }
  #get(name: string): string | null {
    return page.url.searchParams.get(name);
  }
}
