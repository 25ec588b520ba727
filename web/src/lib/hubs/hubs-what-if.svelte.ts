import { HOUR, type EpochMs } from '$shared/model/time';
import type { Unit } from '$shared/model/unit';
import type { Hub } from '$shared/protocol/hubs';
import type { Change } from '$shared/protocol/what-if';
import { instantOf } from '../format/time.ts';
import { triedFlows, type Flow } from '../redirections/flow.ts';
import { read, written } from '../what-if/changes.ts';
import type { Drops } from '../what-if/dragging.ts';
import { WhatIfBook } from '../what-if/what-if-book.svelte.ts';
import type { HubsView } from './hubs-view.svelte.ts';
import { freeUntil, hoursIn, type HubWindow } from './timetable.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Given {
  readonly view: HubsView;
  readonly now: () => EpochMs | null;
  /** Why nothing can be tried; empty: it can. */
  readonly blocked: () => string;
  readonly window: () => HubWindow | null;
  /** Hubs as far as they have come, those with their slots first. */
  readonly hubs: () => readonly Hub[];
  readonly practices: () => readonly string[];
  readonly waitingAt: (practice: string) => number;
  readonly units: () => ReadonlyMap<string, Unit>;
  /** The row that stands for a practice or hub; null: none. */
  readonly rowOf: (id: string, side: 'need' | 'hub') => string | null;
}

/** What is tried out on the hubs screen: the changes stand in the address, what they come to is asked of the server. */
export class HubsWhatIf {
  readonly book: WhatIfBook;
  #given: Given;

  constructor(given: Given) {
    this.#given = given;
    this.book = new WhatIfBook(() => (this.blocked ? [] : this.changes));
  }

  get on(): boolean {
    return this.#given.view.whatIf !== null;
  }
  get blocked(): string {
    return this.#given.blocked();
  }
  get changes(): readonly Change[] {
    return read(this.#given.view.whatIf ?? '');
  }
  get hubs(): Named[] {
    const hubs = this.#given.hubs();
    return hubs.flatMap(({ id, name }, at) => (hubs.findIndex((hub) => hub.id === id) === at ? [{ id, name }] : []));
  }
  get practices(): Named[] {
    const { practices, units } = this.#given;
    return practices().map((id) => ({ id, name: units().get(id)?.name ?? id }));
  }
  /** Whole hours of the day that are not over. */
  get hours(): EpochMs[] {
    const window = this.#given.window();
    const now = this.#given.now();
    return window && now !== null ? hoursIn(window).filter((hour) => hour + HOUR > now) : [];
  }

  set(changes: readonly Change[]): void {
    this.#given.view.setWhatIf(written(changes));
  }
  enter(): void {
    this.set([]);
  }
  leave(): void {
    this.#given.view.setWhatIf(null);
  }

  /** The plan grey; blue what goes where it did not before. */
  get flows(): Flow[] {
    const told = this.changes.length > 0 ? (this.book.result?.flows ?? []) : [];
    return triedFlows(told, {
      need: (practice) => this.#given.rowOf(practice, 'need'),
      hub: (hub) => this.#given.rowOf(hub, 'hub'),
    });
  }

  /** What can be dragged; null while nothing is tried out. */
  get drops(): Drops | null {
    const window = this.#given.window();
    if (!this.on || this.blocked || !window) return null;
    const hubOf = (id: string) => this.#given.hubs().find((hub) => hub.id === id);
    return {
      window,
      onsend: (practice, hub) => {
        const found = hubOf(hub);
        if (!found || !this.#given.practices().includes(practice)) return;
        // Who waits, as far as the hub has room an hour from now: what begins sooner is too soon to send anybody to.
        const room = freeUntil(found, (this.#given.now() ?? 0) + HOUR, Infinity);
        const slots = Math.max(1, Math.min(room, this.#given.waitingAt(practice)));
        this.set([...this.changes, { what: 'send', hub, practice, slots }]);
      },
      onmove: (id, from, to) => {
        const hub = hubOf(id);
        const now = this.#given.now() ?? 0;
        const slots = hub ? freeUntil(hub, Math.max(from, now), from + HOUR) : 0;
        if (slots === 0 || to <= now) return;
        this.set([...this.changes, { what: 'move', hub: id, from: instantOf(from), to: instantOf(to), slots }]);
      },
    };
  }
}
