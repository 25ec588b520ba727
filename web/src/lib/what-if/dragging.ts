import { HOUR, type EpochMs } from '$shared/model/time';
import type { Attachment } from 'svelte/attachments';
import { timeUnder } from '../hubs/timetable-paths.ts';
import type { HubWindow } from '../hubs/timetable.ts';

export interface Drops {
  /** Hours that a hub's row spans, whole. */
  readonly window: HubWindow;
  onsend(practice: string, hub: string): void;
  onmove(hub: string, from: EpochMs, to: EpochMs): void;
}

/** So far a pointer moves before it drags, px: less is a click. */
const SLACK = 6;

type Grip =
  { readonly kind: 'need'; readonly id: string } | { readonly kind: 'hour'; readonly id: string; readonly at: EpochMs };

/** Rows of who waits (`data-need`) can be dragged onto hubs (`data-row`), an hour of a hub onto another of the same. */
export const dragging =
  (drops: () => Drops | null): Attachment<HTMLElement> =>
  (root) => {
    const leave = new AbortController();
    const { signal } = leave;
    let grip: (Grip & { readonly x: number; readonly y: number; moved: boolean }) | null = null;

    const gripAt = (target: EventTarget | null, x: number, window: Drops['window']): Grip | null => {
      if (!(target instanceof Element)) return null;
      const need = target.closest<HTMLElement>('[data-need]')?.dataset['need'];
      if (need) return { kind: 'need', id: need };
      const row = target.closest<HTMLElement>('[data-row]');
      const id = row?.dataset['row'];
      return row && id ? { kind: 'hour', id, at: timeUnder({ clientX: x, currentTarget: row }, window, HOUR) } : null;
    };
    const end = () => {
      grip = null;
      root.style.removeProperty('cursor');
    };
    root.addEventListener(
      'pointerdown',
      (event) => {
        const given = drops();
        if (!given || event.button !== 0 || event.pointerType === 'touch') return;
        const found = gripAt(event.target, event.clientX, given.window);
        grip = found ? { ...found, x: event.clientX, y: event.clientY, moved: false } : null;
      },
      { signal },
    );
    window.addEventListener(
      'pointermove',
      (event) => {
        if (!grip || grip.moved || Math.hypot(event.clientX - grip.x, event.clientY - grip.y) < SLACK) return;
        grip.moved = true;
        root.style.setProperty('cursor', 'grabbing');
        getSelection()?.removeAllRanges();
      },
      { signal },
    );
    window.addEventListener(
      'pointerup',
      (event) => {
        const given = drops();
        const from = grip;
        end();
        if (!given || !from?.moved) return;
        // What would be a click where it began is none.
        const swallow = new AbortController();
        const held = { capture: true, signal: swallow.signal };
        window.addEventListener('click', (click) => click.stopPropagation(), held);
        setTimeout(() => swallow.abort(), 0);
        const onto = gripAt(document.elementFromPoint(event.clientX, event.clientY), event.clientX, given.window);
        if (onto?.kind !== 'hour') return;
        if (from.kind === 'need') given.onsend(from.id, onto.id);
        else if (from.id === onto.id && from.at !== onto.at) given.onmove(from.id, from.at, onto.at);
      },
      { signal },
    );
    window.addEventListener('pointercancel', end, { signal });
    return () => {
      leave.abort();
      end();
    };
  };
