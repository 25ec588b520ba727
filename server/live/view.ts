import type { Unit, UnitPatch } from '#shared/model/unit.ts';
import type { View } from '#shared/protocol/live.ts';
import type { BoardView, Commit } from '../domain/ports.ts';
import type { ScopeView, Snapshot, SnapshotPart } from '../domain/replay/player.ts';

/** What `overview` leaves out of a site (the rule of the protocol). */
const STRIPPED = ['metrics', 'indicators', 'feeds'] as const;
/** Slots of practices are left out too; where a hub has some to spare is what an overview is for. */
const keepsHours = (unit: Unit | undefined) => unit?.siteKind === 'hub';

/** The board that is live. */
export type StagedBoard = Omit<BoardView, 'changes'>;

type Piece = { readonly list: 'units' | 'feeds'; readonly text: string };

function inParts(pieces: readonly Piece[], partBytes: number): SnapshotPart[] {
  const parts: { units: string[]; feeds: string[] }[] = [{ units: [], feeds: [] }];
  let size = 0;
  for (const piece of pieces) {
    if (size > 0 && size + piece.text.length > partBytes) {
      parts.push({ units: [], feeds: [] });
      size = 0;
    }
    parts.at(-1)?.[piece.list].push(piece.text);
    size += piece.text.length;
  }
  return parts.map((part) => ({ units: part.units.join(','), feeds: part.feeds.join(',') }));
}

/** Text of each patched unit, made once a commit however many rooms want it. */
function createPatchTexts(unitOf: (id: string) => Unit | undefined) {
  let of: Commit | undefined;
  let texts = new Map<string, string | null>();
  return (commit: Commit, patch: UnitPatch, view: View): string | null => {
    if (of !== commit) {
      of = commit;
      texts = new Map();
    }
    const key = `${view}/${patch.id}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    const unit = unitOf(patch.id);
    const shown = view === 'overview' && unit?.kind === 'site' ? strip(patch, keepsHours(unit)) : patch;
    const text = Object.keys(shown).length > 1 ? JSON.stringify(shown) : null;
    texts.set(key, text);
    return text;
  };
}

function strip<T extends UnitPatch>(unit: T, hours: boolean): T {
  const kept = { ...unit };
  for (const field of STRIPPED) Reflect.deleteProperty(kept, field);
  if (!hours) delete kept.slotHours;
  return kept;
}

/** A unit as this view shows it. */
export function shownUnit(unit: Unit, view: View): UnitPatch {
  return view === 'overview' && unit.kind === 'site' ? strip<UnitPatch>(unit, keepsHours(unit)) : unit;
}

/**
 * Text of each whole unit as a view shows it, kept for as long as the board keeps that very unit: when everybody comes
 * back at once after a restart, each commit in between costs the changed units only, not the whole board.
 */
function createUnitTexts() {
  const kept = { full: new WeakMap<Unit, string>(), overview: new WeakMap<Unit, string>() };
  return (unit: Unit, view: View): string => {
    let text = kept[view].get(unit);
    if (text === undefined) {
      text = JSON.stringify(shownUnit(unit, view));
      kept[view].set(unit, text);
    }
    return text;
  };
}

/** Makes scope views over one board; they share the text of each unit and of each patched one. */
export function createViews(board: StagedBoard): (scope: string, view: View) => ScopeView | null {
  const patchText = createPatchTexts((id) => board.unit(id));
  const unitText = createUnitTexts();

  return (scope, view) => {
    const members = board.scope(scope);
    if (members === null) return null;
    const reports = (sites: readonly string[]) => sites.some((site) => members.has(site));
    const feeds = new Set(view === 'full' ? board.feeds().flatMap((f) => (reports(f.sites) ? f.id : [])) : []);
    let cached: (Snapshot & { readonly epoch: string; readonly partBytes: number }) | undefined;

    return {
      scope,
      view,
      snapshot(partBytes) {
        const { epoch, seq, at } = board;
        if (cached?.epoch === epoch && cached.seq === seq && cached.partBytes === partBytes) return cached;
        const units = board.units().filter((unit) => members.has(unit.id));
        const pieces: Piece[] = [
          ...units.map((unit): Piece => ({ list: 'units', text: unitText(unit, view) })),
          ...board.feeds().flatMap((feed): Piece[] => {
            return feeds.has(feed.id) ? [{ list: 'feeds', text: JSON.stringify(feed) }] : [];
          }),
        ];
        cached = { epoch, seq, at, partBytes, parts: inParts(pieces, partBytes) };
        return cached;
      },
      patch(commit) {
        const units = commit.units.flatMap((p) => (members.has(p.id) ? (patchText(commit, p, view) ?? []) : []));
        const removed = commit.removed.filter((id) => members.has(id));
        const fresh = commit.feeds.filter((f) => feeds.has(f.id));
        return `"units":[${units.join(',')}],"removed":${JSON.stringify(removed)},"feeds":${JSON.stringify(fresh)}`;
      },
    };
  };
}
