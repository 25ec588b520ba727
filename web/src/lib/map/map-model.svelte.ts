import type { Unit } from '$shared/model/unit';
import { page } from '$app/state';
import { ancestors } from '../control/tree.ts';
import { withQuery } from '../format/query.ts';
import { sayTime } from '../format/time.ts';
import type { LiveBoard } from '../live/live-board.svelte.ts';
import type { Boundaries } from './geo.ts';
import { relatedTo } from './catchment.ts';
import { beneath, grainsOf, hubsAmong, idsOf, MOST_HUBS, pickGrain, placesToOpen } from './drawn.ts';
import { spareView, type Flow } from './flows.ts';
import { groupsOf } from './groups.ts';
import type { Layer } from './layers.ts';
import type { MapView } from './map-view.svelte.ts';
import { asThen, quarterAt, readQuarter, replayHref, type Quarter } from './moment.ts';
import { countRows, countShown, sayMap } from './said.ts';
import { columnsOf, tableRows } from './table.ts';

/** What the map is made from, read anew whenever it changes. */
export interface Sources {
  readonly mirror: () => LiveBoard | null;
  readonly systemId: () => string | null;
  readonly boundaries: () => Boundaries | null;
  /** Product time to the minute; null before the first frame. */
  readonly nowAt: () => number | null;
  readonly view: MapView;
}

const NO_FLOWS: readonly Flow[] = [];
const NOBODY: ReadonlyMap<string, Unit> = new Map();

/** What is drawn, counted and said, from the live board and the address. */
export class MapModel {
  #from: Sources;
  constructor(from: Sources) {
    this.#from = from;
  }

  board = $derived.by(() => this.#from.mirror()?.board ?? null);
  units = $derived(this.board?.units ?? NOBODY);
  system = $derived.by(() => this.units.get(this.#from.systemId() ?? '') ?? null);
  /** What the address names to be looked into; null where it names nothing, or nothing that is known. */
  asked = $derived.by(() => this.units.get(this.#from.view.focus ?? '') ?? null);
  focus = $derived(this.asked && this.asked.kind !== 'site' ? this.asked : this.system);
  nowAt = $derived.by(() => this.#from.nowAt());
  quarter = $derived.by<Quarter>(() => (this.nowAt === null ? null : readQuarter(this.#from.view.when, this.nowAt)));
  /** The moment shown, as people say it; empty: now. */
  when = $derived(this.quarter === null || this.nowAt === null ? '' : sayTime(quarterAt(this.quarter, this.nowAt)));
  head = $derived(this.focus && asThen(this.focus, this.quarter, this.when));

  places = $derived(this.system ? placesToOpen(this.units, this.system.id) : []);
  grains = $derived(this.focus ? grainsOf(this.units, this.focus.id) : []);
  grain = $derived.by(() => pickGrain(this.grains, this.#from.view.grain));
  #members = $derived(this.focus ? beneath(this.units, this.focus.id) : []);
  inside = $derived(idsOf(this.#members));
  #allHubs = $derived(hubsAmong(this.#members));
  /** Why a layer cannot be shown now. */
  hindered = $derived.by((): Partial<Record<Layer, string>> => {
    const many = this.#allHubs.length;
    const hubs =
      many === 0
        ? 'No hubs here'
        : many > MOST_HUBS
          ? `${many} hubs are too many for one map: open a place`
          : undefined;
    const past = this.quarter === null ? undefined : 'Slots are known of now only';
    const flows = past ?? (many > MOST_HUBS && this.grain?.kind !== 'place' ? hubs : undefined);
    return { ...(hubs && { hubs, areas: hubs }), ...(flows && { flows }) };
  });
  colouring = $derived.by(() => {
    const { colouring } = this.#from.view;
    return colouring === 'coverage' && this.quarter !== null ? 'level' : colouring;
  });
  /** Areas and arrows need the hubs that they lead to. */
  hubs = $derived.by(() => {
    const led = this.on('flows') && this.grain?.kind !== 'place';
    return this.on('hubs') || this.on('areas') || led ? this.#allHubs : [];
  });
  drawn = $derived([...(this.grain?.units ?? []), ...this.hubs]);
  groups = $derived.by(() =>
    this.focus && this.grain ? groupsOf(this.units, this.focus.id, this.grain.units, this.#from.boundaries()) : [],
  );
  spare = $derived.by(() =>
    this.on('flows') && this.focus && this.grain && this.nowAt !== null
      ? spareView(this.units, this.focus.id, this.grain, this.#allHubs, this.nowAt)
      : null,
  );
  flows = $derived(this.spare?.flows ?? NO_FLOWS);
  /** Asked for, and nothing to draw: why. */
  spareNote = $derived.by(() => {
    if (this.spare) return this.spare.note;
    const why = this.#from.view.layers.has('flows') ? this.hindered.flows : undefined;
    return why === undefined ? '' : `No arrows: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`;
  });
  selected = $derived.by(() => this.units.get(this.#from.view.selected ?? '') ?? null);
  related = $derived(
    this.selected && this.drawn.some(({ id }) => id === this.selected?.id)
      ? relatedTo(this.units, this.selected, this.drawn)
      : null,
  );
  said = $derived(this.grain ? sayMap(this.grain, this.units, this.colouring, this.quarter) : '');
  counts = $derived(this.grain ? countRows(countShown(this.grain.units, this.quarter)) : []);
  rows = $derived.by(() => {
    if (this.nowAt === null) return [];
    const drawn = [...(this.grain?.units ?? []), ...(this.on('hubs') ? this.#allHubs : [])];
    const hubs = this.on('areas') ? this.#allHubs : null;
    return tableRows(drawn, { units: this.units, quarter: this.quarter, now: this.nowAt, hubs, spare: this.spare });
  });
  columns = $derived.by(() =>
    columnsOf(this.grain?.units ?? [], this.units, this.#allHubs, {
      areas: this.on('areas'),
      spare: this.spare !== null,
    }),
  );
  crumbs = $derived.by(() => {
    if (!this.focus || this.focus.id === this.system?.id) return [];
    return ancestors(this.units, this.focus).map((unit) => ({
      name: unit.name,
      level: asThen(unit, this.quarter, '').level,
      href: withQuery(page.url, {
        in: unit.id === this.system?.id ? null : unit.id,
        unit: null,
        view: null,
        show: null,
      }),
    }));
  });
  /** Address of the moment shown, in replay. */
  replayHref = $derived.by(() => {
    const at = this.quarter === null || this.nowAt === null ? null : quarterAt(this.quarter, this.nowAt);
    return replayHref(page.url, at);
  });

  /** A layer that is asked for and can be shown. */
  on(layer: Layer): boolean {
    return this.#from.view.layers.has(layer) && this.hindered[layer] === undefined;
  }
}
