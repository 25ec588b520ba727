import type { Flow } from './flows.ts';
import type { Mark } from './marks.ts';
import { middleOfDrawn, type Picture } from './picture.ts';
import type { Named } from './place-names.ts';
import type { Circle, Point } from './spread-apart.ts';

export interface Arrow {
  readonly key: string;
  readonly text: string;
  readonly path: string;
  /** Where its number stands, and its width in pixels. */
  readonly at: Point;
  readonly width: number;
}

/** Where an arrow leads: a mark's radius is kept free, so that its head stands beside it. */
export type Target = Point & { readonly r: number };

/** Half the length of a head, and the room that it keeps from a mark, in pixels. */
const HEAD = 5;
const GAP = 2;
/** Sideways, as a share of the length: there and back do not cover each other. The first that is clear is taken. */
const BENDS = [0.18, -0.18, 0.32, -0.32, 0.06, 0.5, -0.5] as const;
/** Pixels by which an arrow may end before what it leads to. */
const SHORTER = [0, 6, 12, 20, 30] as const;
const ALONG = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74] as const;

const between = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** How deep a circle lies in any of the marks; 0: it is clear of them all. */
const depthIn = (marks: readonly Circle[], at: Point, r: number) =>
  marks.reduce((most, mark) => Math.max(most, mark.r + r + GAP - apart(mark, at)), 0);

interface Curve {
  readonly from: Point;
  readonly control: Point;
  readonly to: Point;
}
const onCurve = ({ from, control, to }: Curve, t: number) =>
  between(between(from, control, t), between(control, to, t), t);

function curveOf(from: Point, to: Point, bend: number): Curve {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const out = Math.sign(bend) * Math.min(70, length * Math.abs(bend));
  const middle = between(from, to, 0.5);
  return { from, control: { x: middle.x - (dy / length) * out, y: middle.y + (dx / length) * out }, to };
}

/** The curve as far as it stays `away` pixels from its end. */
function cut(curve: Curve, away: number): Curve {
  let t = 1;
  while (t > 0.2 && apart(onCurve(curve, t), curve.to) < away) t -= 0.01;
  return { from: curve.from, control: between(curve.from, curve.control, t), to: onCurve(curve, t) };
}

/** A bent line whose head stands beside what it leads to and, where there is room, on no mark. */
function clearest(from: Point, to: Target, marks: readonly Circle[]): Curve {
  let best = { curve: cut(curveOf(from, to, BENDS[0]), to.r + GAP), depth: Infinity };
  for (const shorter of SHORTER) {
    for (const bend of BENDS) {
      const curve = cut(curveOf(from, to, bend), to.r + GAP + shorter);
      const length = apart(curve.control, curve.to) || 1;
      const depth = depthIn(marks, between(curve.to, curve.control, HEAD / length), HEAD);
      if (depth < best.depth) best = { curve, depth };
      if (depth === 0) return curve;
    }
  }
  return best.curve;
}

/** Flows as arrows on the screen, the widest `widest` pixels; those whose ends are not drawn are left out. */
export function arrowsOf(
  flows: readonly Flow[],
  start: (flow: Flow) => Point | null,
  end: (id: string) => Target | null,
  marks: readonly Circle[],
  widest: number,
): Arrow[] {
  const most = Math.max(1, ...flows.map(({ patients }) => patients));
  return flows.flatMap((flow) => {
    const [from, to] = [start(flow), end(flow.to)];
    if (!from || !to) return [];
    const curve = clearest(from, to, marks);
    const places = ALONG.map((t) => onCurve(curve, t));
    const depths = places.map((place) => depthIn(marks, place, 2 * HEAD));
    const at = places[depths.indexOf(Math.min(...depths))] ?? from;
    const say = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    return [
      {
        key: `${flow.from}>${flow.to}`,
        text: String(flow.patients),
        path: `M${say(curve.from)}Q${say(curve.control)} ${say(curve.to)}`,
        at,
        width: Math.max(1.5, (widest * flow.patients) / most),
      },
    ];
  });
}

export interface Around {
  readonly picture: Picture;
  readonly groups: readonly Named[];
  readonly marks: readonly Mark[];
  /** From the whole drawing to the frame. */
  readonly screen: (point: Point) => Point;
  /** Pixels of one rem. */
  readonly rem: number;
}

/** Flows among the marks: from the middle of whoever waits to a mark, or to the middle of a group. */
export function arrowsAmong(flows: readonly Flow[], { picture, groups, marks, screen, rem }: Around): Arrow[] {
  if (flows.length === 0) return [];
  const known = new Map(marks.map((mark) => [mark.unit.id, mark]));
  const middle = (ids: readonly string[]) => {
    const found = middleOfDrawn(ids, picture);
    return found && screen(found);
  };
  const point = (id: string) => middle(groups.find((group) => group.id === id)?.members ?? [id]);
  const end = (id: string): Target | null => {
    const mark = known.get(id);
    const found = mark ?? point(id);
    return found && { x: found.x, y: found.y, r: mark?.r ?? 0 };
  };
  const start = ({ from, amid }: Flow) => (amid.length > 0 ? middle(amid) : point(from));
  return arrowsOf(flows, start, end, marks, (picture.hex === null ? 0.5 : 0.35) * rem);
}
