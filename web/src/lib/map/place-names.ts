import type { Frame } from './camera.ts';
import { placePlates, type Box } from './labels.ts';
import { outsideNames } from './outside-names.ts';
import { middleOfDrawn, type Picture } from './picture.ts';
import type { Point } from './spread-apart.ts';
import { textWidth } from './text-width.ts';

/** A group of what is drawn, by its members: its name stands beside them. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  /** Ids of the land that is its own. */
  readonly lands: readonly string[];
}

export interface PlaceName {
  readonly id: string;
  readonly name: string;
  readonly box: Box;
}

/** Names of places outside the border where they have a side of their own, else amid their units where there is room. */
export function placeNames(groups: readonly Named[], picture: Picture, frame: Frame, rem: number): PlaceName[] {
  const size = 0.8125 * rem;
  const within: Box = { x: 4, y: 4, w: frame.width - 8, h: frame.height - 8 };
  const sized = groups.map((group) => ({ ...group, w: textWidth(group.name, size) + 4, h: size * 1.25 }));
  const circles = [...picture.spots.values()];
  const marks = circles.map(({ x, y, r }) => ({ x: x - r, y: y - r, w: 2 * r, h: 2 * r }));
  const bordered = sized.flatMap(({ id, members, lands, w, h }) => {
    const rings = picture.hex === null ? ringsOf(lands, picture) : members.flatMap((member) => cellOf(member, picture));
    return rings.length > 0 ? [{ id, rings, w, h }] : [];
  });
  const outside = outsideNames(bordered, within, marks);
  const named = new Set(outside.map(({ id }) => id));
  const inside = placePlates(
    sized.flatMap(({ id, members, w, h }) => {
      const middle = named.has(id) ? null : middleOfDrawn(members, picture);
      return middle ? [{ id, at: { ...middle, r: 0 }, w, h }] : [];
    }),
    {
      within,
      taken: outside.map(({ box }) => box),
      marks: circles.map((circle) => ({ ...circle, weight: 4 })),
      reach: 5 * rem,
    },
  );
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  return [...outside, ...inside].map(({ id, box }) => ({ id, name: names.get(id) ?? '', box }));
}

const ringsOf = (lands: readonly string[], picture: Picture) =>
  picture.land.flatMap(({ id, rings }) => (lands.includes(id) ? rings : []));

/** A hexagon's outline, a little larger, as a border. */
function cellOf(id: string, { spots }: Picture): Point[][] {
  const spot = spots.get(id);
  if (!spot) return [];
  const { x, y, r } = spot;
  return [
    [
      { x, y: y - r * 1.16 },
      { x: x + r, y: y - r * 0.58 },
      { x: x + r, y: y + r * 0.58 },
      { x, y: y + r * 1.16 },
      { x: x - r, y: y + r * 0.58 },
      { x: x - r, y: y - r * 0.58 },
    ],
  ];
}

/** A name in at most `lines` lines of `width` pixels; what does not fit ends in an ellipsis. */
export function wrapName(name: string, width: number, size: number, lines: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of name.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer, size) <= width || line === '') line = longer;
    else {
      found.push(line);
      line = word;
    }
  }
  found.push(line);
  const kept = found.slice(0, lines);
  return kept.map((each, index) => {
    const cut = index === lines - 1 && found.length > lines;
    return cut || textWidth(each, size) > width ? shorten(each, width, size) : each;
  });
}

function shorten(text: string, width: number, size: number): string {
  let kept = text;
  while (kept.length > 1 && textWidth(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
