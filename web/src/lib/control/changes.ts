import { isClosed } from '../format/closed.ts';
import type { Level } from '$shared/model/level-words';
import type { Unit } from '$shared/model/unit';
import type { Change } from '$shared/protocol/api';
import type { LevelNews } from '../ui/level-news.ts';

/** One line of "what changed". */
export interface ChangeItem {
  readonly key: string;
  readonly atMs: number;
  readonly unit: string;
  readonly name: string;
  readonly kind: string;
  readonly from: Level | null;
  readonly to: Level | null;
  readonly text: string;
}

const KEEP = 500;
/** The board's own time and the change's may differ by a tick. */
const SAME_WITHIN_MS = 60_000;

const asLevel = (value: number | null): Level | null =>
  value === 1 || value === 2 || value === 3 || value === 4 ? value : null;

export function fromApi(changes: readonly Change[]): ChangeItem[] {
  return changes.map(({ at, unit, name, kind, from, to, text }) => ({
    key: `${unit}@${at}>${to ?? '?'}`,
    atMs: Date.parse(at),
    unit,
    name,
    kind,
    from: asLevel(from),
    to: asLevel(to),
    text,
  }));
}

/** Level changes between two boards, with the reason as the unit itself gives it. */
export function liveChanges(before: ReadonlyMap<string, Unit>, after: ReadonlyMap<string, Unit>): ChangeItem[] {
  const found: ChangeItem[] = [];
  for (const unit of after.values()) {
    const old = before.get(unit.id);
    if (!old || old === unit || old.level === unit.level || isClosed(unit)) continue;
    const at = unit.levelSince ?? unit.at;
    found.push({
      key: `${unit.id}@${at}>${unit.level ?? '?'}`,
      atMs: Date.parse(at),
      unit: unit.id,
      name: unit.name,
      kind: unit.kind,
      from: old.level,
      to: unit.level,
      text: unit.drivers[0]?.text ?? '',
    });
  }
  return found;
}

/** What the server says of a unit that stopped being judged because nobody is there any more. */
const CLOSED = 'closed';

/** Not news: that a day began calmly, or that somebody went home. */
export function isNews({ from, to, text }: ChangeItem): boolean {
  return to === null ? text !== CLOSED : from !== null || to > 1;
}

/** What deserves a line of its own: groups always; of single sites only what is extreme, or was severe and is now unknown. */
export function isMajor({ kind, from, to }: ChangeItem): boolean {
  if (kind !== 'site') return true;
  return to === null ? (from ?? 0) >= 3 : to === 4;
}

/** Newest first, each change once; the first list wins where both know it. */
export function mergeChanges(first: readonly ChangeItem[], second: readonly ChangeItem[]): ChangeItem[] {
  const merged: ChangeItem[] = [];
  const byUnit = new Map<string, ChangeItem[]>();
  for (const item of [...first, ...second]) {
    const others = byUnit.get(item.unit) ?? [];
    const known = others.some(
      (other) => other.key === item.key || (other.to === item.to && Math.abs(other.atMs - item.atMs) <= SAME_WITHIN_MS),
    );
    if (known) continue;
    merged.push(item);
    byUnit.set(item.unit, [...others, item]);
  }
  return merged.sort((a, b) => b.atMs - a.atMs || a.name.localeCompare(b.name)).slice(0, KEEP);
}

/** How many of `now` are not in `shown`: what waits while somebody reads. */
export function waiting(shown: readonly { key: string }[], now: readonly { key: string }[]): number {
  const keys = new Set(shown.map((item) => item.key));
  return now.filter((item) => !keys.has(item.key)).length;
}

/** What screen readers hear of: the system and its places, and whoever becomes extreme. */
export function spokenOf(items: readonly ChangeItem[]): LevelNews[] {
  return items
    .filter((item) => item.kind === 'system' || item.kind === 'place' || (item.kind !== 'site' && item.to === 4))
    .map(({ name, to }) => ({ name, level: to }));
}
