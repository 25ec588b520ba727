import type { Redirection } from '$shared/protocol/redirections';
import type { WhatIfResult } from '$shared/protocol/what-if';
import { phaseOf } from './phases.ts';
import type { RowHeight } from './row-heights.ts';

/**
 * How a ribbon stands: of what is selected (held already, or not), of what is held, of the other proposals; where changes are
 * tried out, of the plan as it is, and of what of it would be gone.
 */
export type FlowKind = 'selected' | 'selected-held' | 'held' | 'other' | 'plan' | 'gone';

/** Slots from a hub to a practice, or to whatever row stands for it. */
export interface Flow {
  readonly id: string;
  readonly need: string;
  readonly hub: string;
  readonly slots: number;
  readonly kind: FlowKind;
}

/** All that flows now. `needRow` and `hubRow` name the row that stands for a practice or hub; null: none does. */
export function flowsOf(
  redirections: readonly Redirection[],
  selected: string | null,
  counts: ReadonlyMap<string, number> | null,
  rows: { need: (practice: string, unit: string) => string | null; hub: (hub: string) => string | null },
): Flow[] {
  const flows: Flow[] = [];
  for (const redirection of redirections) {
    const phase = phaseOf(redirection);
    if (phase !== 'open' && phase !== 'held') continue;
    const mine = redirection.id === selected;
    const held = phase === 'held';
    const kind = mine ? (held ? 'selected-held' : 'selected') : held ? 'held' : 'other';
    const hub = rows.hub(redirection.hub);
    const sums = new Map<string, number>();
    for (const { practice, slots } of redirection.shares) {
      const need = rows.need(practice, redirection.unit);
      const given = (mine ? counts?.get(practice) : undefined) ?? slots;
      if (need !== null && given > 0) sums.set(need, (sums.get(need) ?? 0) + given);
    }
    if (hub === null) continue;
    for (const [need, slots] of sums) flows.push({ id: redirection.id, need, hub, slots, kind });
  }
  return flows;
}

/** Patients by practice and hub as it is planned now, and as it would be: one flow of each kind between two rows. */
export function triedFlows(
  told: WhatIfResult['flows'],
  rows: { need: (practice: string) => string | null; hub: (hub: string) => string | null },
): Flow[] {
  const flows = new Map<string, Flow>();
  for (const { practice, hub, now, then } of told) {
    const need = rows.need(practice);
    const row = rows.hub(hub);
    if (need === null || row === null) continue;
    const add = (kind: FlowKind, slots: number) => {
      const key = `${kind} ${need} ${row}`;
      if (slots > 0) flows.set(key, { id: kind, need, hub: row, slots: slots + (flows.get(key)?.slots ?? 0), kind });
    };
    add('plan', Math.min(now, then));
    add('gone', now - then);
    add('selected', then - now);
  }
  return [...flows.values()];
}

/** Rows out of view that something flows to, but for what is selected: told as a number at the list's edge. */
export interface Beyond {
  readonly side: 'above' | 'below';
  readonly y: number;
  readonly rows: number;
}

/** What can be drawn to a row in view, or is selected, and how many rows the rest would go to. */
export function inView(
  flows: readonly Flow[],
  needs: ReadonlyMap<string, RowHeight>,
): { readonly flows: readonly Flow[]; readonly beyond: readonly Beyond[] } {
  const isDrawn = ({ need, kind }: Flow) => (needs.get(need)?.out ?? null) === null || kind.startsWith('selected');
  const left = new Set(flows.filter((flow) => !isDrawn(flow)).map(({ need }) => need));
  const beyond = (['above', 'below'] as const).flatMap((side) => {
    const rows = [...left].flatMap((need) => {
      const at = needs.get(need);
      return at?.out === side ? [at] : [];
    });
    const y = rows[0]?.y;
    return y === undefined ? [] : [{ side, y, rows: rows.length }];
  });
  return { flows: flows.filter(isDrawn), beyond };
}

export interface Ribbon {
  readonly key: string;
  readonly path: string;
  readonly width: number;
  readonly kind: FlowKind;
}
export interface FlowDrawing {
  /** In the order in which they are painted: held, others, selected. */
  readonly ribbons: readonly Ribbon[];
  /** Where each hub's ribbons end. */
  readonly ends: readonly { readonly hub: string; readonly y: number; readonly height: number }[];
}

/** Thickest that a slot may be, and all of one row, in px. */
const SLOT = 1.75;
const NEED_ROOM = 18;
const HUB_ROOM = 56;
const PAINT: readonly FlowKind[] = ['gone', 'plan', 'held', 'other', 'selected-held', 'selected'];

/** Ribbons between the heights at which rows stand; a row without a height has none. `from`, `to`: left and right, px. */
export function drawFlows(
  flows: readonly Flow[],
  needs: ReadonlyMap<string, number>,
  hubs: ReadonlyMap<string, number>,
  { from, to }: { from: number; to: number },
): FlowDrawing {
  const drawn = flows.filter(({ need, hub }) => needs.has(need) && hubs.has(hub));
  const needSums = sums(drawn, 'need');
  const hubSums = sums(drawn, 'hub');
  const slot = Math.min(
    SLOT,
    NEED_ROOM / Math.max(1, ...needSums.values()),
    HUB_ROOM / Math.max(1, ...hubSums.values()),
  );
  const needDone = new Map<string, number>();
  const hubDone = new Map<string, number>();
  const middle = (from + to) / 2;
  const place = (y: number, all: number, done: number, width: number) => y - (all * slot) / 2 + done * slot + width / 2;
  // From the top down on both sides, so that ribbons of one hub do not cross without need.
  const inOrder = [...drawn].sort((a, b) => (needs.get(a.need) ?? 0) - (needs.get(b.need) ?? 0));
  const ribbons = inOrder.map(({ id, need, hub, slots, kind }): Ribbon => {
    const width = slots * slot;
    const y0 = place(needs.get(need) ?? 0, needSums.get(need) ?? 0, needDone.get(need) ?? 0, width);
    const y1 = place(hubs.get(hub) ?? 0, hubSums.get(hub) ?? 0, hubDone.get(hub) ?? 0, width);
    needDone.set(need, (needDone.get(need) ?? 0) + slots);
    hubDone.set(hub, (hubDone.get(hub) ?? 0) + slots);
    const path = `M${from} ${round(y0)}C${middle} ${round(y0)} ${middle} ${round(y1)} ${to} ${round(y1)}`;
    return { key: `${id} ${need} ${hub}`, path, width: round(width), kind };
  });
  return {
    ribbons: ribbons.sort((a, b) => PAINT.indexOf(a.kind) - PAINT.indexOf(b.kind)),
    ends: [...hubSums].map(([hub, all]) => ({
      hub,
      y: round((hubs.get(hub) ?? 0) - (all * slot) / 2),
      height: round(all * slot),
    })),
  };
}

/** How many slots each row gets of what is selected, or of what is held where nothing is; `y` of its row. */
export function figuresOf(
  flows: readonly Flow[],
  needs: ReadonlyMap<string, number>,
): { kind: FlowKind; rows: readonly { need: string; slots: number; y: number }[] } {
  const kind = flows.find((flow) => flow.kind.startsWith('selected'))?.kind ?? 'held';
  const all = sums(
    flows.filter((flow) => flow.kind === kind),
    'need',
  );
  // Rows out of view stand at the same edge: one figure for all of them.
  const rows = new Map<number, { need: string; slots: number; y: number }>();
  for (const [need, slots] of all) {
    const y = needs.get(need);
    if (y !== undefined) rows.set(y, { need, slots: slots + (rows.get(y)?.slots ?? 0), y });
  }
  return { kind, rows: [...rows.values()] };
}

function sums(flows: readonly Flow[], side: 'need' | 'hub'): Map<string, number> {
  const found = new Map<string, number>();
  for (const flow of flows) found.set(flow[side], (found.get(flow[side]) ?? 0) + flow.slots);
  return found;
}

const round = (value: number) => Math.round(value * 10) / 10;
