import type { Unit } from '$shared/model/unit';
import { sayCount, sayNumber } from '../format/numbers.ts';
import type { Camera, Frame } from './camera.ts';
import { toScreen } from './camera.ts';
import { paintOf, rankOf, type Colouring, type Paint } from './colouring.ts';
import { freeSlots } from './free-slots.ts';
import type { Quarter } from './moment.ts';
import type { Picture } from './picture.ts';
import type { Circle } from './spread-apart.ts';

/** One unit as it is drawn now, in pixels of the frame. */
export interface Mark extends Circle {
  readonly unit: Unit;
  readonly hub: boolean;
  readonly paint: Paint;
  /** Its whole name for those who hear it. */
  readonly label: string;
  /** Order of importance: drawn and named first come last and first. */
  readonly urgency: number;
}

/** How a hub's square looks: by the slots that it still has. Of another moment nothing is known of them. */
export function paintHub(unit: Unit, quarter: Quarter, now: number): Paint {
  if (quarter !== null) return { look: 'hub-then', sign: '', words: 'free slots of then are not known here' };
  if (unit.open === false) return { look: 'hub-closed', sign: '', words: 'closed' };
  if (unit.level === null) return { look: 'hub-unknown', sign: '?', words: 'unknown: its slots are in no sum' };
  const free = freeSlots(unit, now) ?? 0;
  const look = free === 0 ? 'hub-none' : free < 10 ? 'hub-some' : 'hub-many';
  return { look, sign: sayNumber(free), words: sayCount(free, 'slot free', 'slots free') };
}

export interface Painting {
  readonly picture: Picture;
  readonly camera: Camera;
  readonly frame: Frame;
  readonly colouring: Colouring;
  readonly quarter: Quarter;
  readonly now: number;
}

export function marksOf(shown: readonly Unit[], hubs: readonly Unit[], painting: Painting): Mark[] {
  const { picture, camera, frame, colouring, quarter, now } = painting;
  const screen = toScreen(camera, frame);
  // Circles grow more slowly than the ground, so that a crowd opens as somebody comes closer; hexagons are the ground.
  const grow = picture.hex === null ? Math.sqrt(camera.k) : camera.k;
  const most = Math.max(1, ...shown.map(({ population }) => population ?? 0));
  const mark = (unit: Unit, hub: boolean): Mark[] => {
    const spot = picture.spots.get(unit.id);
    if (!spot) return [];
    const paint = hub ? paintHub(unit, quarter, now) : paintOf(colouring, unit, quarter, most);
    const kind = hub ? 'hub, ' : '';
    const rank = hub ? -1 : rankOf(colouring, unit, quarter);
    const label = `${unit.name}: ${kind}${paint.words}`;
    return [{ unit, hub, paint, ...screen(spot), r: spot.r * (hub ? Math.sqrt(grow) : grow), label, urgency: rank }];
  };
  return [
    ...shown.flatMap((unit) => mark(unit, false)).sort((a, b) => a.urgency - b.urgency),
    ...hubs.flatMap((unit) => mark(unit, true)),
  ];
}
