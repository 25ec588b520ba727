import type { Unit } from '$shared/model/unit';
import type { Redirection } from '$shared/protocol/redirections';
import type { Live } from '../live/live.svelte.ts';
import { ancestors } from '../control/tree.ts';
import { blockedBy } from '../redirections/blocked.ts';
import { flowsOf, type Flow } from '../redirections/flow.ts';
import { OfferDesk } from '../redirections/offer-desk.svelte.ts';
import { leadOf, phaseOf } from '../redirections/phases.ts';
import { RedirectionsBook } from '../redirections/redirections-book.svelte.ts';
import type { UndoDesk } from '../ui/undo.svelte.ts';
import type { OfferedCells } from './timetable.ts';

interface Given {
  readonly live: Live;
  readonly undo: UndoDesk;
  /** Unit that the screen is of; null: all. */
  readonly place: string | null;
  /** The page of a phone says itself what was done. */
  readonly quiet: () => boolean;
  /** Id of the redirection in the address. */
  readonly asked: () => string | null;
  readonly units: () => ReadonlyMap<string, Unit>;
  /** Rows that stand on either side. */
  readonly needRows: () => ReadonlySet<string>;
  readonly hubRows: () => ReadonlySet<string>;
}

/** What the hubs screen knows of redirections: the list, the one that is looked at, what is being decided. */
export class HubsOffers {
  readonly book: RedirectionsBook;
  readonly desk: OfferDesk;
  /** An offer of somebody's own that is being put together, null in it while it has nobody yet: drawn in place of the selected. */
  own: { readonly redirection: Redirection | null } | null = $state.raw(null);
  #given: Given;

  constructor(given: Given) {
    const { live, undo, place } = given;
    this.#given = given;
    this.book = new RedirectionsBook(
      place,
      () => live.replay !== null,
      () => live.pace,
    );
    this.desk = new OfferDesk(() => this.book, undo, live, given.quiet);
  }

  /** Returns the way out. */
  start(): () => void {
    const stop = this.book.start();
    return () => {
      stop();
      this.desk.close();
    };
  }

  /** Why nothing can be decided now; empty: it can. */
  get blocked(): string {
    return blockedBy(this.#given.live);
  }

  get all(): readonly Redirection[] {
    return this.#given.live.replay ? [] : (this.book.body?.redirections ?? []);
  }

  /** The one that the address names; null where it names none that is there. */
  get asked(): Redirection | null {
    const asked = this.#given.asked();
    return this.all.find(({ id }) => id === asked) ?? null;
  }

  /** The one that is looked at: of the address, or the best proposal. */
  get selected(): Redirection | null {
    return this.asked ?? this.best;
  }

  /** The place of a unit: what it stands in beneath the system; itself where there is none. */
  placeOf(id: string): { id: string; name: string } {
    const units = this.#given.units();
    const unit = units.get(id);
    const place = unit ? [...ancestors(units, unit), unit].find(({ kind }) => kind === 'place') : undefined;
    return { id: place?.id ?? id, name: (place ?? unit)?.name ?? id };
  }

  get open(): Redirection[] {
    return this.all.filter((each) => phaseOf(each) === 'open');
  }

  /** What a phone shows first: the best proposal, or else what is held. */
  get lead(): Redirection | null {
    return leadOf(this.all);
  }

  /** The proposal that stands first. */
  get best(): Redirection | null {
    const { lead } = this;
    return lead && phaseOf(lead) === 'open' ? lead : null;
  }

  /** What stands out in the picture. */
  get #drawn(): Redirection | null {
    return this.own ? this.own.redirection : this.selected;
  }

  /** Its cells in the timetable. */
  get offered(): { hub: string; cells: OfferedCells } | null {
    const selected = this.#drawn;
    const phase = selected ? phaseOf(selected) : 'done';
    if (!selected || (phase !== 'open' && phase !== 'held')) return null;
    return { hub: selected.hub, cells: { held: selected.state === 'held', slots: selected.offered } };
  }

  get flows(): Flow[] {
    const { units, needRows, hubRows } = this.#given;
    const selected = this.#drawn;
    const needs = needRows();
    const hubs = hubRows();
    const drawn = this.own?.redirection ? [...this.all, this.own.redirection] : this.all;
    return flowsOf(drawn, selected?.id ?? null, selected ? this.desk.draftOf(selected).counts : null, {
      need: (practice, unit) => standing(units(), practice, needs) ?? standing(units(), unit, needs),
      hub: (hub) => standing(units(), hub, hubs),
    });
  }

  /** The row that stands for a practice or hub; null: none does. */
  rowOf(id: string, side: 'need' | 'hub'): string | null {
    const { units, needRows, hubRows } = this.#given;
    return standing(units(), id, side === 'need' ? needRows() : hubRows());
  }
}

/** The row of a unit, or of what it stands beneath. */
function standing(units: ReadonlyMap<string, Unit>, id: string, rows: ReadonlySet<string>): string | null {
  if (rows.has(id)) return id;
  const unit = units.get(id);
  return unit ? (ancestors(units, unit).findLast((above) => rows.has(above.id))?.id ?? null) : null;
}
