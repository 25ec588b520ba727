import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';
import type { UndoDesk } from '../ui/undo.svelte.ts';
import { ORDERS, type Order } from './order.ts';
import { MARKS, type Mark, type Sieve } from './sift.ts';

const list = (text: string | null) => new Set((text ?? '').split(',').filter(Boolean));
const marksIn = (words: ReadonlySet<string>): ReadonlySet<Mark> =>
  new Set(MARKS.filter((mark) => words.has(mark === 0 ? 'unknown' : String(mark))));
const listed = (ids: Iterable<string | number>) => [...ids].join(',') || null;

/** Order, filters, pins and opened groups live in the address, so that a link restores exactly this view. */
export class MatrixView {
  #desk: UndoDesk;

  constructor(desk: UndoDesk) {
    this.#desk = desk;
  }

  get order(): Order {
    const asked = page.url.searchParams.get('sort');
    return ORDERS.find((order) => order === asked) ?? 'pressure';
  }
  get sieve(): Sieve {
    const asked = list(page.url.searchParams.get('level'));
    return {
      find: this.find,
      marks: marksIn(asked),
      place: page.url.searchParams.get('place') ?? '',
    };
  }
  get find(): string {
    return page.url.searchParams.get('find') ?? '';
  }
  get pinned(): ReadonlySet<string> {
    return list(page.url.searchParams.get('pin'));
  }
  get open(): ReadonlySet<string> {
    return list(page.url.searchParams.get('open'));
  }
  get filtered(): boolean {
    const { find, marks, place } = this.sieve;
    return find !== '' || marks.size > 0 || place !== '';
  }

  setFind(text: string): void {
    this.#set({ find: text.trim() || null });
  }
  setOrder(order: Order): void {
    this.#set({ sort: order === 'pressure' ? null : order });
  }
  setPlace(id: string): void {
    this.#set({ place: id || null });
  }
  toggleMark(mark: Mark): void {
    const { marks } = this.sieve;
    const next = marks.has(mark) ? [...marks].filter((known) => known !== mark) : [...marks, mark];
    this.#set({ level: listed(next.map((one) => (one === 0 ? 'unknown' : one))) });
  }
  toggleOpen(id: string): void {
    this.#set({ open: listed(toggled(this.open, id)) });
  }
  /** `name` is said beside the way back. */
  togglePin(id: string, name: string): void {
    const text = `${this.pinned.has(id) ? 'Unpinned' : 'Pinned'} ${name}`;
    this.#set({ pin: listed(toggled(this.pinned, id)) }, text);
  }
  clear(): void {
    this.#set({ find: null, level: null, place: null }, 'Cleared the filters');
  }

  /** `text`: what was done, where it can be taken back. */
  #set(changes: Readonly<Record<string, string | null>>, text?: string): void {
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, page.url.searchParams.get(name)]));
    const go = (to: typeof changes) => void goto(withQuery(page.url, to), { replace: true, reset: false });
    go(changes);
    if (text !== undefined) this.#desk.offer(text, () => go(before));
  }
}

const toggled = (ids: ReadonlySet<string>, id: string): string[] =>
  ids.has(id) ? [...ids].filter((known) => known !== id) : [...ids, id];
