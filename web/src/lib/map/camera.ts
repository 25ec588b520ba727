import type { Point } from './spread-apart.ts';

/** What part of the drawing is looked at: its middle, and how many times larger than whole. In shares of the shorter side from the middle of the whole. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}
export interface Frame {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Camera = { x: 0, y: 0, k: 1 };
const MOST = 32;

const unitOf = ({ width, height }: Frame) => Math.max(1, Math.min(width, height));
const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value));

/** Never smaller than whole, and never looking past its edge. */
export function within({ x, y, k }: Camera, frame: Frame): Camera {
  const scale = Math.min(MOST, Math.max(1, k));
  const room = (1 - 1 / scale) / 2;
  const unit = unitOf(frame);
  return { x: clamp(x, (frame.width / unit) * room), y: clamp(y, (frame.height / unit) * room), k: scale };
}

/** From the drawing to the screen, in pixels of the frame. */
export function toScreen(camera: Camera, frame: Frame): (point: Point) => Point {
  const { dx, dy } = shiftOf(camera, frame);
  return ({ x, y }) => ({ x: x * camera.k + dx, y: y * camera.k + dy });
}

/** The same as a translation after scaling by `k`. */
export function shiftOf({ x, y, k }: Camera, frame: Frame): { dx: number; dy: number } {
  const unit = unitOf(frame);
  return {
    dx: frame.width / 2 - (frame.width / 2 + x * unit) * k,
    dy: frame.height / 2 - (frame.height / 2 + y * unit) * k,
  };
}

/** Zooms so that what lies under `at` (pixels of the frame) stays there. */
export function zoomAt(camera: Camera, frame: Frame, at: Point, factor: number): Camera {
  const k = Math.min(MOST, Math.max(1, camera.k * factor));
  const unit = unitOf(frame);
  const away = { x: (at.x - frame.width / 2) / unit, y: (at.y - frame.height / 2) / unit };
  const hold = 1 / camera.k - 1 / k;
  return within({ x: camera.x + away.x * hold, y: camera.y + away.y * hold, k }, frame);
}

/** Moves the drawing by pixels. */
export function panBy(camera: Camera, frame: Frame, dx: number, dy: number): Camera {
  const unit = unitOf(frame) * camera.k;
  return within({ x: camera.x - dx / unit, y: camera.y - dy / unit, k: camera.k }, frame);
}

/** Moves as little as brings a point of the drawing at least `margin` pixels inside the frame. */
export function bringIn(camera: Camera, frame: Frame, point: Point, margin: number): Camera {
  const at = toScreen(camera, frame)(point);
  const past = (value: number, size: number) =>
    value < margin ? margin - value : value > size - margin ? size - margin - value : 0;
  return panBy(camera, frame, past(at.x, frame.width), past(at.y, frame.height));
}

/** As an address holds it: `2.5,-0.12,0.3`; the whole is nothing. */
export function sayCamera({ x, y, k }: Camera): string | null {
  return k <= 1.001 ? null : [k.toFixed(2), x.toFixed(4), y.toFixed(4)].join(',');
}

export function readCamera(text: string | null): Camera {
  const [k = NaN, x = NaN, y = NaN] = (text ?? '').split(',').map(Number);
  return [k, x, y].every(Number.isFinite) && k > 1 && k <= MOST ? { x, y, k } : WHOLE;
}
