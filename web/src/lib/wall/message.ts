/** Room for the words, in design rem, and what letters of a bold sans take of it. */
const WIDTH = 180;
const HEIGHT = 67;
const LETTER = 0.58;
const LINE = 1.15;
/** Read from 8 m even at its smallest. */
const LEAST = 8.8;
const MOST = 18;

/** Letters of the longest word, which is not broken. */
const longestWord = (text: string) => Math.max(1, ...text.split(/\s+/).map((word) => word.length));

/** Font size in rem at which the words fill their room and no more; they are at most 140. */
export function messageSize(text: string): number {
  for (let size = MOST; size > LEAST; size -= 0.4) {
    const letters = WIDTH / (size * LETTER);
    // A line ends at a word: what is lost there is half a word on average, taken as a whole short one.
    const lines = Math.ceil(text.length / Math.max(1, letters - 4));
    if (lines * size * LINE <= HEIGHT && longestWord(text) <= letters) return Math.round(size * 10) / 10;
  }
  return LEAST;
}
