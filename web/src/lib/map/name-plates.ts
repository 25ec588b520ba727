import type { Frame } from './camera.ts';
import { placePlates, type Box, type Plate } from './labels.ts';
import type { Mark } from './marks.ts';
import { textWidth } from './text-width.ts';

export type NamedPlate = Plate & { readonly name: string };

/** Square rems of drawing that one plate takes for itself. */
const ROOM_A_PLATE = 240;
/** What it costs to cover a square pixel of a mark: more the more it says. */
const WEIGHTS: Readonly<Record<string, number>> = { l1: 0.3, l2: 0.6, l0: 1.5, l3: 2, l4: 4 };

/**
 * Names on plates, the most urgent first, as many as the drawing has room for: three on a phone, dozens on a wall.
 * Calm ones are named only where nobody is worse off for it.
 */
export function namePlates(marks: readonly Mark[], frame: Frame, rem: number, taken: readonly Box[]): NamedPlate[] {
  const most = Math.max(3, Math.floor((frame.width * frame.height) / (rem * rem) / ROOM_A_PLATE));
  const size = plateSize(rem);
  const units = marks.filter(({ hub }) => !hub).sort((a, b) => b.urgency - a.urgency);
  const chosen = units.filter(({ x, y }) => x > 0 && y > 0 && x < frame.width && y < frame.height).slice(0, most);
  const names = new Map(chosen.map(({ unit }) => [unit.id, unit.name]));
  const plates = placePlates(
    chosen.map((mark) => ({
      id: mark.unit.id,
      at: mark,
      w: textWidth(mark.unit.name, size) + 0.7 * rem,
      h: size * 1.5,
    })),
    {
      within: { x: 2, y: 2, w: frame.width - 4, h: frame.height - 4 },
      taken,
      marks: marks.map((mark) => ({ ...mark, weight: WEIGHTS[mark.paint.look] ?? 0.4 })),
      reach: 7 * rem,
    },
  );
  return plates.map((plate) => ({ ...plate, name: names.get(plate.id) ?? '' }));
}

export const plateSize = (rem: number) => 0.78125 * rem;
