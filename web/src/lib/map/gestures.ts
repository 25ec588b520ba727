import type { Attachment } from 'svelte/attachments';
import { panBy, zoomAt, type Camera, type Frame } from './camera.ts';
import type { Point } from './spread-apart.ts';

/** So far a hand may shake before a click becomes a drag, in pixels. */
const SHAKE = 4;
/** A wheel's notch or a trackpad's flick is 100 or so: 100 make it 1.25 times as large. */
const WHEEL = Math.log(1.25) / 100;
const LINE = 33;

export interface Held {
  readonly camera: () => Camera;
  readonly frame: () => Frame;
  /** While it moves, and once more when the hand has let go. */
  readonly onMove: (camera: Camera, done: boolean) => void;
}

/** Drag, wheel and pinch on a drawing. A finger alone scrolls the page while the whole drawing is shown. */
export const gestures =
  (held: Held): Attachment<HTMLElement | SVGElement> =>
  (element) => {
    const pointers = new Map<number, Point>();
    let dragged = false;
    let settle: ReturnType<typeof setTimeout> | undefined;

    const local = (event: MouseEvent): Point => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const doneSoon = () => {
      clearTimeout(settle);
      settle = setTimeout(() => held.onMove(held.camera(), true), 250);
    };

    const wheel = (event: Event) => {
      if (!(event instanceof WheelEvent)) return;
      const camera = held.camera();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
      const next = zoomAt(camera, held.frame(), local(event), Math.exp(-pixels * WHEEL));
      // Nothing more to see: the wheel is the page's again.
      if (next.k === camera.k) return;
      event.preventDefault();
      held.onMove(next, false);
      doneSoon();
    };

    const down = (event: Event) => {
      if (!(event instanceof PointerEvent) || event.button !== 0) return;
      if (pointers.size === 0) dragged = false;
      pointers.set(event.pointerId, local(event));
    };

    const move = (event: Event) => {
      if (!(event instanceof PointerEvent)) return;
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (!dragged && Math.hypot(now.x - before.x, now.y - before.y) < SHAKE) return;
      if (!dragged && !other && held.camera().k === 1) return;
      if (!dragged) element.setPointerCapture(event.pointerId);
      dragged = true;
      pointers.set(event.pointerId, now);
      held.onMove(other ? pinched(before, now, other) : dragBy(before, now), false);
    };

    const dragBy = (before: Point, now: Point) =>
      panBy(held.camera(), held.frame(), now.x - before.x, now.y - before.y);

    const pinched = (before: Point, now: Point, other: Point) => {
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, distance(before, other));
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      const zoomed = zoomAt(held.camera(), held.frame(), middle, factor);
      return panBy(zoomed, held.frame(), (now.x - before.x) / 2, (now.y - before.y) / 2);
    };

    const up = (event: Event) => {
      if (!(event instanceof PointerEvent) || !pointers.delete(event.pointerId)) return;
      if (dragged && pointers.size === 0) held.onMove(held.camera(), true);
    };
    // What ends a drag is no click on whatever lies beneath.
    const click = (event: Event) => {
      if (!dragged) return;
      dragged = false;
      event.stopPropagation();
      event.preventDefault();
    };

    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('wheel', wheel, { passive: false, signal });
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('pointermove', move, { signal });
    element.addEventListener('pointerup', up, { signal });
    element.addEventListener('pointercancel', up, { signal });
    element.addEventListener('click', click, { capture: true, signal });
    return () => {
      stop.abort();
      clearTimeout(settle);
    };
  };

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
