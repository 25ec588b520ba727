export interface SentencePart {
  readonly text: string;
  readonly bold: boolean;
}

/** Splits `plain **bold** plain`. A pair of asterisks that never closes stays as it is. */
export function splitBold(text: string): SentencePart[] {
  return text
    .split(/\*\*(.+?)\*\*/)
    .map((part, index) => ({ text: part, bold: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

/** The same without the marks, for titles and read-outs. */
export function plain(text: string): string {
  return text.replaceAll(/\*\*(.+?)\*\*/g, '$1');
}
