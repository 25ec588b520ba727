/** Sizes of the day strips in design pixels of a frame 1,800 wide; text never under 28. */
export interface StripLayout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly pitch: number;
  readonly height: number;
  readonly nameSize: number;
  readonly digitSize: number;
  /** Names are cut after so many letters. */
  readonly letters: number;
}

const WIDTH = 1800;
const TOP = 46;
const ROOM = 422;

/** Few rows are taller, so that the scene is full from two rows to ten; long names get more room, up to three tenths. */
export function stripLayout(rows: number, longestName: number): StripLayout {
  const pitch = Math.min(96, ROOM / Math.max(1, rows));
  const nameSize = Math.min(44, Math.max(32, pitch * 0.62));
  const letter = nameSize * 0.53;
  const wanted = 130 + longestName * letter;
  const left = Math.min(520, Math.max(300, wanted));
  return {
    left,
    right: WIDTH,
    top: TOP,
    pitch,
    height: pitch * 0.81,
    nameSize,
    digitSize: Math.min(40, Math.max(28, pitch * 0.66)),
    letters: wanted <= left ? longestName : Math.floor((left - 130) / letter),
  };
}

/** A name that keeps inside its room, cut at a word where it can be. */
export function fitName(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const cut = name.slice(0, letters - 1);
  const word = cut.lastIndexOf(' ');
  return `${word > letters * 0.6 ? cut.slice(0, word) : cut.trimEnd()}…`;
}
