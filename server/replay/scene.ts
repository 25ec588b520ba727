import type { View } from '#shared/protocol/live.ts';
import { createSayer, type Sayer } from '../domain/replay/cells.ts';
import { cellOf, rowNumbers, type Sheet, type Sheets } from '../domain/replay/sheets.ts';
import type { Touch } from '../domain/replay/take.ts';
import { bytesOf } from './board-text.ts';
import type { PartBytes } from './answers.ts';

/** What `overview` leaves out of a site, and of every site but a hub (the rule of the protocol). */
const STRIPPED: ReadonlySet<string> = new Set(['metrics', 'indicators', 'feeds']);
const STRIPPED_BUT_OF_HUBS: ReadonlySet<string> = new Set([...STRIPPED, 'slotHours']);

/** What has changed since it was last told: columns by row, and the ids of units that are gone. */
export interface Changed {
  readonly units: Map<number, Set<number>>;
  readonly feeds: Map<number, Set<number>>;
  readonly removed: Set<string>;
}

export function noteChanges(sheets: Sheets): { readonly changed: Changed; readonly touch: Touch } {
  const changed: Changed = { units: new Map(), feeds: new Map(), removed: new Set() };
  const places = (kind: 'u' | 'f', number: number) => {
    const map = kind === 'u' ? changed.units : changed.feeds;
    let set = map.get(number);
    if (set === undefined) map.set(number, (set = new Set()));
    return set;
  };
  const touch: Touch = {
    cell: (kind, number, place) => void places(kind, number).add(place),
    row(kind, number, id) {
      if (kind === 'f') return;
      if (sheets.units.ids[number] === null) changed.removed.add(id);
      else changed.removed.delete(id);
    },
  };
  return { changed, touch };
}

/** One scope of a board of sheets in one view, as text. */
export interface Scene {
  parts(partBytes: number): PartBytes[];
  /** The inside of a patch frame. */
  patch(changed: Changed): Uint8Array<ArrayBuffer>;
}

/** The board from which scenes are cut. They are those of its hierarchy as it stands now. */
export function createScenes(sheets: Sheets): (scope: string, view: View) => Scene | null {
  const { units, feeds } = sheets;
  const whole = createSayer(units, 'unit');
  const hub = createSayer(units, 'unit', (field) => !STRIPPED.has(field));
  const site = createSayer(units, 'unit', (field) => !STRIPPED_BUT_OF_HUBS.has(field));
  const feedSayer = createSayer(feeds, 'feed');
  const isSite = (number: number) => cellOf(units, number, 'fkind') === '"site"';
  const isHub = (number: number) => cellOf(units, number, 'fsiteKind') === '"hub"';

  return (scope, view) => {
    const members = membersOf(units, scope);
    if (members === null) return null;
    const reporting = view === 'full' ? reportingTo(feeds, members.ids) : new Set<number>();
    const sayerOf = (number: number): Sayer =>
      view !== 'overview' || !isSite(number) ? whole : isHub(number) ? hub : site;
    return {
      parts(partBytes) {
        const pieces: Piece[] = [];
        for (const number of members.numbers) pieces.push({ list: 'units', text: sayerOf(number).row(number) });
        for (const number of reporting) pieces.push({ list: 'feeds', text: feedSayer.row(number) });
        return inParts(pieces, partBytes);
      },
      patch(changed) {
        const said: string[] = [];
        for (const [number, places] of changed.units) {
          if (!members.numbers.has(number) || units.ids[number] === null) continue;
          said.push(sayerOf(number).patch(number, places));
        }
        const removed = [...changed.removed].filter((id) => members.ids.has(id));
        const fresh: string[] = [];
        for (const [number, places] of changed.feeds) {
          if (reporting.has(number)) fresh.push(feedSayer.patch(number, places));
        }
        const list = (texts: readonly string[]) => texts.filter((text) => text !== '').join(',');
        return bytesOf(`"units":[${list(said)}],"removed":${JSON.stringify(removed)},"feeds":[${list(fresh)}]`);
      },
    };
  };
}

interface Piece {
  readonly list: 'units' | 'feeds';
  readonly text: string;
}

function inParts(pieces: readonly Piece[], partBytes: number): PartBytes[] {
  const parts: { units: string[]; feeds: string[] }[] = [{ units: [], feeds: [] }];
  let size = 0;
  for (const { list, text } of pieces) {
    if (size > 0 && size + text.length > partBytes) {
      parts.push({ units: [], feeds: [] });
      size = 0;
    }
    parts.at(-1)?.[list].push(text);
    size += text.length;
  }
  return parts.map((part) => ({ units: bytesOf(part.units.join(',')), feeds: bytesOf(part.feeds.join(',')) }));
}

interface Members {
  readonly ids: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
}

/** The unit, all beneath it and its ancestors, in the board's order; null where it is not there. */
function membersOf(units: Sheet, scope: string): Members | null {
  if (!units.numbers.has(scope)) return null;
  const parents = new Map<string, string | null>();
  for (const [id, number] of units.numbers) {
    parents.set(id, JSON.parse(cellOf(units, number, 'fparent') || 'null') as string | null);
  }
  const children = Map.groupBy(parents.keys(), (id) => parents.get(id));
  const ids = new Set([scope]);
  // A set goes on over what is added to it on the way.
  for (const member of ids) for (const child of children.get(member) ?? []) ids.add(child);
  for (let up = parents.get(scope); up; up = parents.get(up)) ids.add(up);
  const numbers = new Set<number>();
  for (const [id, number] of units.numbers) if (ids.has(id)) numbers.add(number);
  return { ids, numbers };
}

function reportingTo(feeds: Sheet, members: ReadonlySet<string>): Set<number> {
  const reporting = new Set<number>();
  for (const number of rowNumbers(feeds)) {
    const sites = JSON.parse(cellOf(feeds, number, 'fsites') || '[]') as string[];
    if (sites.some((site) => members.has(site))) reporting.add(number);
  }
  return reporting;
}
