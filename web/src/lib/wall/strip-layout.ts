/** Sizes of the day strips in design pixels of a frame 1,800 wide; text never under 28. */
export interface StripLayout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly pitch: number;
  readonly height: number;
  readonly nameSize: number;
  readonly digitSize: number;
  /** Names are cut after so many letters, and drawn narrower from `squeeze` pixels on. */
  readonly letters: number;
  readonly squeeze: number;
  /** Height of a row without a name. */
  readonly thin: number;
}

const WIDTH = 1800;
const TOP = 46;
/** What stands under the head of the system scene, and of the others. */
export const SYSTEM_ROOM = 422;
export const MATRIX_ROOM = 660;
/** Least pitch of a row with text of 28 px, pitch of a thin one, and what keeps the two apart. */
const LEAST_PITCH = 36;
const THIN_PITCH = 4;
const GAP = 12;
/** Badge, mark of the partly unknown, and the air round them. */
const BADGES = 130;
const MOST_LEFT = 560;
const LETTER = 0.53;
const BOLD_LETTER = 0.57;
/** Letters may be this much narrower before a name is cut. */
const NARROWEST = 0.8;

/** Few rows are taller, so that the scene is full from two rows to ten; long names get more room, up to three tenths. */
export function stripLayout(rows: number, longestName: number, room = SYSTEM_ROOM, thinRows = 0): StripLayout {
  const thinRoom = thinRows > 0 ? thinRows * THIN_PITCH + GAP : 0;
  const pitch = Math.min(96, (room - thinRoom) / Math.max(1, rows));
  // Tall rows would cut names that smaller letters show whole.
  const whole = (MOST_LEFT - BADGES) / (Math.max(1, longestName) * LETTER);
  const nameSize = Math.max(pitch < 40 ? 28 : 32, Math.min(44, pitch * 0.62, whole));
  const letter = nameSize * LETTER;
  const wanted = BADGES + longestName * letter;
  const left = Math.min(MOST_LEFT, Math.max(300, wanted));
  const squeeze = left - BADGES;
  return {
    left,
    right: WIDTH,
    top: TOP,
    pitch,
    height: pitch * 0.81,
    nameSize,
    digitSize: Math.min(40, Math.max(28, pitch * 0.66)),
    letters: wanted <= left ? longestName : Math.floor(squeeze / (letter * NARROWEST)),
    squeeze,
    thin: THIN_PITCH,
  };
}

/** How many of `count` rows can have a name in `room` pixels when the others shrink to lines. */
export function namedRows(count: number, room = MATRIX_ROOM): number {
  if (count * LEAST_PITCH <= room) return count;
  return Math.max(0, Math.floor((room - GAP - count * THIN_PITCH) / (LEAST_PITCH - THIN_PITCH)));
}

/** A name that keeps inside its room, cut at a word where it can be. */
export function fitName(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const cut = name.slice(0, letters - 1);
  const word = cut.lastIndexOf(' ');
  const kept = word > letters * 0.6 ? cut.slice(0, word) : cut.trimEnd();
  return `${kept.replace(/(,| and| &)$/, '')}…`;
}

/** Size at which a bold text keeps inside its width, both in rem; at the least it may have to be cut. */
export function fitSize(text: string, width: number, most: number, least: number): number {
  const whole = width / (Math.max(1, text.length) * BOLD_LETTER);
  return Math.round(Math.max(least, Math.min(most, whole)) * 10) / 10;
}

/** Width that a name of the rows is drawn in, where its own would be too much; undefined: its own. */
export function nameWidth(name: string, { nameSize, squeeze }: StripLayout): number | undefined {
  return name.length * nameSize * LETTER > squeeze ? squeeze : undefined;
}
