import { createSayer, type Said } from '../domain/replay/cells.ts';
import type { Revision } from '../domain/replay/recorded.ts';
import { rowNumbers, type Sheet } from '../domain/replay/sheets.ts';
import { createBreath, type PastBoard } from './load.ts';

/** The values of a list as JSON, one after the other with a comma between, and where each of them ends. */
export interface ListText {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ids: readonly string[];
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** A whole board as JSON. */
export interface BoardText extends Revision {
  readonly stretch: number;
  readonly rules: string;
  readonly units: ListText;
  readonly feeds: ListText;
}

export async function sayBoardText(past: PastBoard, signal?: AbortSignal): Promise<BoardText> {
  const { seq, at, stretch, rules, sheets } = past;
  const units = await sayList(sheets.units, 'unit', signal);
  return { seq, at, stretch: stretch.stretch, rules, units, feeds: await sayList(sheets.feeds, 'feed', signal) };
}

async function sayList(sheet: Sheet, said: Said, signal: AbortSignal | undefined): Promise<ListText> {
  const breath = createBreath(signal);
  const sayer = createSayer(sheet, said);
  const texts: string[] = [];
  let length = 0;
  for (const number of rowNumbers(sheet)) {
    const text = sayer.row(number);
    length += text.length + 1;
    texts.push(text);
    await breath();
  }
  const bytes = new Uint8Array(Math.max(0, length - 1));
  const written = Buffer.from(bytes.buffer);
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, i) => {
    if (i > 0) bytes[end++] = COMMA;
    end += written.write(text, end, 'latin1');
    ends[i] = end;
  });
  return { bytes, ids: [...sheet.numbers.keys()], ends };
}
const COMMA = 44;

/** ASCII text in a buffer of its own, which can be handed to another thread. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  Buffer.from(bytes.buffer).write(text, 'latin1');
  return bytes;
}

export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
