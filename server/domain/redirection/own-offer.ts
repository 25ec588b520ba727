import { NEED_KINDS, type NeedKind } from '#shared/model/redirection-words.ts';
import { atLocal, sayTime, type EpochMs } from '#shared/model/time.ts';
import { wayOf } from './arcs.ts';
import type { Draft, DraftSlot } from './drafts.ts';
import { lineage, type Ground, type Pair } from './ground.ts';
import { kindOf, type Lots, type Offerable } from './lots.ts';
import { RedirectionProblem } from './problem-codes.ts';
import type { Counts } from './needs.ts';
import type { Lot } from './problem.ts';

/** What a lead's own offer is made of: who may be sent where, what is free now and who waits. */
export interface OwnGround {
  readonly ground: Ground;
  readonly lots: Lots;
  readonly needs: ReadonlyMap<string, Counts | null>;
  readonly at: EpochMs;
  nameOf(unit: string): string;
}
/** A hub and the first starts in [from, to) that may be offered. */
export interface Stretch {
  readonly hub: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}
export interface OwnShare {
  readonly practice: string;
  readonly slots: number;
}

/** What a practice could have of the stretch; `why` where it is nothing. */
export interface OwnChance {
  readonly practice: string;
  readonly most: number;
  readonly why: string;
  readonly km: number | null;
  readonly own: boolean;
  /** Null: not known. */
  readonly waiting: Counts | null;
}

interface Part {
  readonly lot: Lot;
  readonly slots: { readonly slot: Offerable; free: number }[];
  lendable: number;
}

function partsOf({ lots }: OwnGround, { hub, from, to }: Stretch): Part[] {
  return lots.lots.flatMap((lot): Part[] => {
    if (lot.hub !== hub) return [];
    const slots = (lots.slots.get(lot.id) ?? [])
      .filter(({ start }) => start >= from && start < to)
      .map((slot) => ({ slot, free: slot.free }));
    return slots.length > 0 ? [{ lot, slots, lendable: lot.lendable }] : [];
  });
}
const freeIn = ({ slots }: Part): number => slots.reduce((sum, { free }) => sum + free, 0);
const roomIn = (part: Part, { own }: Pair): number => (own ? freeIn(part) : Math.min(freeIn(part), part.lendable));

/** Free slots of the stretch, and those of them that may be lent. */
export function freeOfStretch(given: OwnGround, stretch: Stretch): { free: number; lendable: number } {
  const parts = partsOf(given, stretch);
  return {
    free: parts.reduce((sum, part) => sum + freeIn(part), 0),
    lendable: parts.reduce((sum, part) => sum + Math.min(freeIn(part), part.lendable), 0),
  };
}

/** Of each practice what it could have by itself, and why not. */
export function ownChances(given: OwnGround, stretch: Stretch, practices: readonly string[]): OwnChance[] {
  const parts = partsOf(given, stretch);
  return practices.map((practice) => {
    const pair = pairOf(given, practice, stretch.hub);
    const open = pair ? parts.filter(({ lot }) => wayOf(given.ground, pair, lot) !== null) : [];
    const most = pair ? open.reduce((sum, part) => sum + roomIn(part, pair), 0) : 0;
    const why = most > 0 ? '' : whyNot(given, stretch, pair, parts, open);
    return {
      ...{ practice, most, why, km: pair?.km ?? null, own: pair?.own ?? false },
      waiting: given.needs.get(practice) ?? null,
    };
  });
}

const pairOf = ({ ground }: OwnGround, practice: string, hub: string): Pair | undefined =>
  ground.pairs.get(practice)?.find((pair) => pair.hub === hub);

function whyNot(
  { ground, at }: OwnGround,
  { hub }: Stretch,
  pair: Pair | undefined,
  parts: readonly Part[],
  open: readonly Part[],
): string {
  const terms = ground.terms.get(hub);
  if (!pair) {
    if (terms?.only) return 'the hub is kept for others';
    return ground.policy.reach.lend === 'none' ? 'slots are not lent' : 'slots are lent within a place only';
  }
  const embargo = terms?.embargoUntil;
  if (embargo !== undefined && at < atLocal(at, embargo)) return `not before ${sayTime(atLocal(at, embargo))}`;
  if (parts.length === 0) return NO_SLOT;
  if (open.length === 0)
    return pair.km === null ? 'how far it is is not known' : `further than ${ground.policy.reach.inPersonKm} km`;
  return 'the hub keeps these for its own practices';
}

/**
 * A lead's own choice as an offer: the earliest free slots of the stretch, by the rules that proposals keep to. Those who
 * wait at a practice come first, the most urgent of them; whom nobody counts yet is expected. Throws `BAD_SHARES` with
 * the practice and the reason, `SLOTS_GONE` where fewer are left.
 */
export function ownDraft(given: OwnGround, stretch: Stretch, shares: readonly OwnShare[]): Draft {
  const parts = partsOf(given, stretch);
  const free = parts.reduce((sum, part) => sum + freeIn(part), 0);
  const wanted = shares.reduce((sum, { slots }) => sum + slots, 0);
  const allowed = new Map(
    ownChances(
      given,
      stretch,
      shares.map(({ practice }) => practice),
    ).map((each) => [each.practice, each]),
  );
  if (allowed.size < shares.length) throw bad('A practice is named twice');
  for (const { why, practice } of allowed.values())
    if (why !== '' && why !== NO_SLOT) throw bad(`${given.nameOf(practice)} cannot have any: ${why}`);
  if (free < wanted) throw gone(wanted, free);
  // Whoever has fewest to choose from comes first, or others would take what they alone could have left.
  const inOrder = [...shares].sort(
    (a, b) => (allowed.get(a.practice)?.most ?? 0) - (allowed.get(b.practice)?.most ?? 0),
  );
  const slots: DraftSlot[] = [];
  let borrowed = false;
  for (const share of inOrder) {
    const pair = pairOf(given, share.practice, stretch.hub);
    if (!pair) continue;
    borrowed ||= !pair.own;
    const taken = take(given, parts, pair, share);
    const count = taken.reduce((sum, each) => sum + each.count, 0);
    if (count < share.slots)
      throw bad(
        `${given.nameOf(share.practice)} can have ${count} of ${share.slots}: ` +
          (pair.own ? 'the others are out of its reach' : 'the hub keeps the others for its own practices'),
      );
    slots.push(...taken);
  }
  return { hub: stretch.hub, unit: '', borrowed, slots: slots.sort((a, b) => a.start - b.start) };
}

const NO_SLOT = 'no slot is free then';
const bad = (text: string) => new RedirectionProblem('BAD_SHARES', text);
const gone = (wanted: number, free: number) =>
  new RedirectionProblem('SLOTS_GONE', `${wanted - free} of ${wanted} are not free: ${free} are left`, free);

function take({ ground, needs }: OwnGround, parts: readonly Part[], pair: Pair, { practice, slots }: OwnShare) {
  const kinds = kindsFor(ground, pair.hub, needs.get(practice) ?? {}, slots);
  const taken: DraftSlot[] = [];
  for (const part of [...parts].sort((a, b) => a.lot.from - b.lot.from)) {
    const way = wayOf(ground, pair, part.lot);
    if (way === null) continue;
    for (const each of part.slots) {
      while (kinds.length > 0 && each.free > 0 && (pair.own || part.lendable > 0)) {
        const need = kinds.shift() ?? 'expected';
        each.free -= 1;
        if (!pair.own) part.lendable -= 1;
        taken.push({ ...kindOf(each.slot), lot: part.lot.id, practice, need, count: 1, km: way.km });
      }
    }
  }
  return joined(taken);
}

function kindsFor(ground: Ground, hub: string, waiting: Counts, slots: number): NeedKind[] {
  const takes = ground.terms.get(hub)?.takes ?? NEED_KINDS;
  const known = takes.flatMap((kind) => Array.from({ length: Math.min(slots, waiting[kind] ?? 0) }, () => kind));
  const beyond = takes.includes('expected') ? 'expected' : (takes.at(-1) ?? 'expected');
  const ordered = known.sort((a, b) => NEED_KINDS.indexOf(a) - NEED_KINDS.indexOf(b)).slice(0, slots);
  return [...ordered, ...Array.from({ length: slots - ordered.length }, () => beyond)];
}

function joined(slots: readonly DraftSlot[]): DraftSlot[] {
  const found: DraftSlot[] = [];
  for (const slot of slots) {
    const last = found.at(-1);
    const same = last && JSON.stringify({ ...last, count: 1 }) === JSON.stringify(slot);
    if (same) found[found.length - 1] = { ...last, count: last.count + 1 };
    else found.push(slot);
  }
  return found;
}

/** Whose lead decides for all of these: their own neighbourhood, or the nearest unit above that holds them all. */
export function unitOver(
  units: ReadonlyMap<string, Parameters<typeof lineage>[1]>,
  practices: readonly string[],
): string {
  const lines = practices.flatMap((id) => {
    const unit = units.get(id);
    return unit ? [[...lineage(units, unit)].slice(1)] : [];
  });
  return lines[0]?.find((id) => lines.every((line) => line.includes(id))) ?? '';
}
