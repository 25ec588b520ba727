/** Widths of letters in shares of the font size, as Arial draws them bold; near enough to keep names apart. */
const NARROW = new Set("ijlft.,:;'!()[]|I -·");
const WIDE = new Set('mwMW@%');

export function textWidth(text: string, size: number): number {
  let shares = 0;
  for (const letter of text) {
    if (NARROW.has(letter)) shares += 0.33;
    else if (WIDE.has(letter)) shares += 0.9;
    else shares += letter >= 'A' && letter <= 'Z' ? 0.71 : 0.57;
  }
  return shares * size;
}
