const SHORT = 12;

/**
 * A text by its shape: letters as `x`, digits as `#`, up to 12 characters; a longer one by its length alone. No digit is
 * put in another's place: a copy that is read again must not turn into a number that nobody sent.
 */
export function maskText(text: string): string {
  if (text.length > SHORT) return `text of ${text.length} characters`;
  return text.replace(/\p{N}/gu, '#').replace(/[^\s#!-/:-@[-`{-~]/gu, 'x');
}

/** A number as it is, or by its length where eight of its digits stand in a row. */
export function readableNumber(value: number): number | string {
  const digits = /\d{8,}/.exec(String(value))?.[0].length;
  return digits === undefined ? value : `number of ${digits} digits`;
}

/** A cell of a table that is a plain number of a few digits; everything else there is a text. */
export const isPlainNumber = (cell: string): boolean => /^-?\d{1,7}(?:\.\d{1,7})?%?$/.test(cell);
