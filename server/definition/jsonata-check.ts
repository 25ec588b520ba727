import jsonata from 'jsonata';

/** Longer ones are programs, not mappings. */
const MOST_CHARACTERS = 20_000;

/** What keeps a text from being a JSONata expression, and the line of the text it is on (from 1); null when it is one. */
export function jsonataFault(text: string): { readonly line: number; readonly message: string } | null {
  if (text.length > MOST_CHARACTERS) return { line: 1, message: `is longer than ${MOST_CHARACTERS} characters` };
  try {
    jsonata(text);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return { line: 1, message: 'is nested too deeply' };
    if (!isParseFault(error)) throw error;
    const line = text.slice(0, error.position).split('\n').length;
    return { line, message: `is no JSONata: ${error.message}` };
  }
}

/** The parser throws plain objects, not errors. */
function isParseFault(error: unknown): error is { readonly position: number; readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'position' in error &&
    typeof error.position === 'number' &&
    'message' in error &&
    typeof error.message === 'string'
  );
}
