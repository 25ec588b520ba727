import type { FeedBlock, FeedsSummary } from '$shared/protocol/feeds';

/** All lengths in CSS pixels. */
export interface FieldRoom {
  readonly width: number;
  /** Height that the marks alone may take on one line. */
  readonly marks: number;
  /** 1 where the root font is 16 px. */
  readonly rem: number;
  /** Width of a text; `bold` at the size of the family's title. */
  measure(text: string, bold: boolean): number;
}

export interface Letter {
  readonly letter: string;
  /** First mark that it explains. */
  readonly from: number;
  readonly x: number;
  readonly y: number;
}

/** One supplier's stack: marks fill rows from the bottom, so that what stands first (trouble) is on top. */
export interface PlacedBlock {
  readonly block: FeedBlock;
  readonly family: string;
  readonly x: number;
  /** Top of the highest row, and the ground on which the stack stands. */
  readonly y: number;
  readonly ground: number;
  readonly cols: number;
  readonly rows: number;
  readonly width: number;
  /** The supplier's name on one line or two. */
  readonly name: readonly string[];
  readonly letters: readonly Letter[];
}

export interface PlacedFamily {
  readonly label: string;
  /** Feeds that there are; sites without one are not counted. */
  readonly total: number;
  readonly x: number;
  readonly width: number;
  readonly y: number;
}

export interface FieldLayout {
  readonly width: number;
  readonly height: number;
  /** From mark to mark, and how much of it the mark takes. */
  readonly pitch: number;
  readonly size: number;
  readonly blocks: readonly PlacedBlock[];
  readonly families: readonly PlacedFamily[];
}

type Families = FeedsSummary['field'];
type Sized = { block: FeedBlock; name: string[]; cols: number; rows: number; width: number };
type SizedFamily = { label: string; total: number; blocks: Sized[]; width: number; title: number };
/** Letters above the marks; counts and names beneath them; the family's title. */
interface Bands {
  readonly letters: number;
  readonly line: number;
  readonly title: number;
  readonly gap: number;
  readonly between: number;
}

const PITCHES = [11, 10, 9, 8, 7, 6, 5, 4, 3] as const;
/** Below this width lines break before the marks become too small for a finger. */
const NARROW = 700;
const LEAST_NARROW = 8;
/** Narrow: blocks wrap, and so many rows make a stack. */
const WRAPPED_ROWS = 12;
const MANY = 5000;

const bandsOf = (rem: number): Bands => ({
  letters: 22 * rem,
  line: 13 * rem,
  title: 20 * rem,
  gap: 7 * rem,
  between: 26 * rem,
});

/** What a supplier is called under its stack. */
export const blockName = (block: FeedBlock): string => block.supplierName || 'no feed';

/** Name on two lines where that is narrower. */
function nameLines(name: string, measure: FieldRoom['measure']): string[] {
  const words = name.split(' ');
  if (words.length < 2) return [name];
  const splits = words.slice(1).map((_word, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]);
  const widest = (lines: string[]) => Math.max(...lines.map((line) => measure(line, false)));
  return splits.reduce((best, lines) => (widest(lines) < widest(best) ? lines : best));
}

function sizeBlock(block: FeedBlock, pitch: number, maxRows: number, room: FieldRoom): Sized {
  const { measure, rem } = room;
  const count = block.sites.length;
  const whole = blockName(block);
  const stack = Math.ceil(count / maxRows) * pitch;
  const name = measure(whole, false) <= stack ? [whole] : nameLines(whole, measure);
  const label = Math.max(...name.map((line) => measure(line, false)), measure(String(count), false));
  const letters = block.causes.length * 18 * rem;
  const least = Math.max(label, letters);
  const most = Math.max(1, Math.floor(room.width / pitch));
  const cols = Math.max(
    Math.min(most, Math.ceil(count / maxRows)),
    Math.min(count, Math.floor((least + pitch * 0.3) / pitch)),
    1,
  );
  return { block, name, cols, rows: Math.ceil(count / cols), width: Math.max(cols * pitch, least) };
}

function sizeFamilies(families: Families, pitch: number, maxRows: number, room: FieldRoom): SizedFamily[] {
  const { gap } = bandsOf(room.rem);
  return families.flatMap(({ label, blocks }) => {
    const sized = blocks.filter((b) => b.sites.length > 0).map((block) => sizeBlock(block, pitch, maxRows, room));
    if (sized.length === 0) return [];
    const total = sized.reduce((sum, { block }) => sum + (block.supplier === '' ? 0 : block.sites.length), 0);
    const title = room.measure(`${label}  ${total}`, true);
    const inner = sized.reduce((sum, { width }) => sum + width, 0) + gap * (sized.length - 1);
    return [{ label, total, blocks: sized, width: Math.max(inner, title), title }];
  });
}

const lineWidth = (families: readonly SizedFamily[], between: number) =>
  families.reduce((sum, { width }) => sum + width, 0) + between * Math.max(0, families.length - 1);

/** Largest marks, then fewest rows, with which everything stands side by side; null where nothing does. */
function onOneLine(families: Families, room: FieldRoom): { pitch: number; sized: SizedFamily[] } | null {
  const { between } = bandsOf(room.rem);
  const narrow = room.width < NARROW * room.rem;
  for (const css of PITCHES) {
    if (narrow && css < LEAST_NARROW) return null;
    const pitch = Math.max(2, Math.round(css * room.rem));
    const most = Math.max(1, Math.floor(room.marks / pitch));
    for (let rows = Math.min(most, Math.ceil(most * 0.75)); rows <= most; rows += 1) {
      const sized = sizeFamilies(families, pitch, rows, room);
      const low = sized.every(({ blocks }) => blocks.every((block) => block.rows <= rows));
      if (low && lineWidth(sized, between) <= room.width) return { pitch, sized };
    }
  }
  return null;
}

const sizeOf = (pitch: number) => Math.max(1, pitch - Math.max(1, Math.round(pitch * 0.2)));

function placeLetters(sized: Sized, x: number, y: number, pitch: number, rem: number): Letter[] {
  const apart = 18 * rem;
  let next = -Infinity;
  return sized.block.causes
    .map(({ letter, from }) => ({ letter, from, col: cellOf(sized.block.sites.length, sized.cols, from).col }))
    .sort((a, b) => a.col - b.col || a.from - b.from)
    .map(({ letter, from, col }) => {
      const at = Math.max(x + col * pitch + 8 * rem, next);
      next = at + apart;
      return { letter, from, x: at, y: y - 12 * rem };
    });
}

interface Cursor {
  readonly blocks: PlacedBlock[];
  readonly families: PlacedFamily[];
}

/** Places blocks of one line from `x` on; their stacks stand on `ground`. */
function placeLine(
  line: readonly { family: SizedFamily; blocks: readonly Sized[] }[],
  ground: number,
  room: FieldRoom,
  made: Cursor & { pitch: number; gap: number; between: number },
): number {
  const { rem } = room;
  const bands = bandsOf(rem);
  let x = 0;
  const names = Math.max(...line.flatMap(({ blocks }) => blocks.map((b) => b.name.length)));
  const named = ground + bands.line * (1 + names);
  const titleAt = named + bands.title;
  const titled = line.some(({ family, blocks }) => blocks.at(-1) === family.blocks.at(-1));
  for (const { family, blocks } of line) {
    const from = x;
    for (const sized of blocks) {
      const { block, cols, rows, name } = sized;
      const y = ground - rows * made.pitch;
      const letters = placeLetters(sized, x, y, made.pitch, rem);
      const { width } = sized;
      made.blocks.push({ block, family: family.label, x, y, ground, cols, rows, width, name, letters });
      x += width + made.gap;
    }
    const width = Math.max(x - made.gap - from, family.title);
    // A family that goes on in the next line is named under its last.
    if (blocks.at(-1) === family.blocks.at(-1))
      made.families.push({ label: family.label, total: family.total, x: from, width, y: titleAt });
    x = from + width + made.between;
  }
  return (titled ? titleAt : named) + 4 * rem;
}

/** Breaks families, and where they must, their blocks, into lines of the room's width. */
function breakLines(sized: readonly SizedFamily[], width: number, bands: Bands) {
  const lines: { family: SizedFamily; blocks: Sized[] }[][] = [];
  let used = Infinity;
  for (const family of sized) {
    let blocks: Sized[] = [];
    for (const [index, block] of family.blocks.entries()) {
      const before = index === 0 ? bands.between : bands.gap;
      const need = index === 0 ? Math.min(Math.max(block.width, family.width), width) : block.width;
      if (used + before + need > width) {
        lines.push([]);
        blocks = [];
        used = -before;
      } else if (index === 0) blocks = [];
      if (blocks.length === 0) lines.at(-1)?.push({ family, blocks });
      blocks.push(block);
      used += before + block.width;
    }
  }
  return lines;
}

/** Where every mark, letter, name and title of the field stands. */
export function layField(families: Families, room: FieldRoom): FieldLayout {
  const bands = bandsOf(room.rem);
  const found = onOneLine(families, room);
  const all = families.reduce((sum, f) => sum + f.blocks.reduce((n, b) => n + b.sites.length, 0), 0);
  const pitch = found?.pitch ?? Math.max(3, Math.round((all > MANY ? 5 : 9) * room.rem));
  const sized = found?.sized ?? sizeFamilies(families, pitch, WRAPPED_ROWS, room);
  const lines = found
    ? [sized.map((family) => ({ family, blocks: family.blocks }))]
    : breakLines(sized, room.width, bands);
  const made = { blocks: [], families: [], pitch } satisfies Cursor & { pitch: number };
  let y = 0;
  for (const line of lines) {
    if (line.length === 0) continue;
    const tallest = Math.max(...line.flatMap(({ blocks }) => blocks.map((b) => b.rows))) * pitch;
    const lettered = line.some(({ blocks }) => blocks.some((b) => b.block.causes.length > 0));
    const ground = y + (lettered ? bands.letters : 4 * room.rem) + tallest;
    const spare = Math.max(0, room.width - lineWidth(sized, bands.between));
    const gaps = sized.reduce((sum, f) => sum + f.blocks.length - 1, 0) + 2 * (sized.length - 1);
    // One line fills its width; what is left over stands between the stacks, twice as much between families.
    const more = found && gaps > 0 ? Math.min(spare / gaps, 40 * room.rem) : 0;
    y = placeLine(line, ground, room, { ...made, gap: bands.gap + more, between: bands.between + 2 * more });
    y += found ? 0 : 14 * room.rem;
  }
  return { width: room.width, height: y, pitch, size: sizeOf(pitch), blocks: made.blocks, families: made.families };
}

/** Column and row (0 on top) of a mark in a stack: the highest row holds what does not fill one. */
export function cellOf(count: number, cols: number, index: number): { col: number; row: number } {
  const rows = Math.ceil(count / cols);
  const first = count - (rows - 1) * cols;
  if (index < first) return { col: index, row: 0 };
  return { col: (index - first) % cols, row: 1 + Math.floor((index - first) / cols) };
}

/** The mark at a column and row, or null where there is none. */
export function indexAt(count: number, cols: number, col: number, row: number): number | null {
  const rows = Math.ceil(count / cols);
  const first = count - (rows - 1) * cols;
  if (col < 0 || row < 0 || row >= rows || col >= (row === 0 ? first : cols)) return null;
  return row === 0 ? col : first + (row - 1) * cols + col;
}
