import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Compile } from 'typebox/compile';
import { OutsideEventSchema, type OutsideEvent } from './world/outside.ts';

/** What was done to the world from outside, in order; the rest of it is made up anew at every start. */
export interface OutsideLog {
  readonly events: readonly OutsideEvent[];
  /** Returns when the event is safe; throws, and keeps nothing of it, where it cannot be written. */
  append(event: OutsideEvent): void;
  close(): void;
}

const checked = Compile(OutsideEventSchema);
const NEWLINE = 10;

/** A log that is gone with the process: for tests and benches. */
export function memoryLog(given: readonly OutsideEvent[] = []): OutsideLog {
  const events = [...given];
  return { events, append: (event) => void events.push(event), close: () => {} };
}

/**
 * One JSON line an event, on the disk before `append` returns. A last line without its end was never answered for: it is
 * dropped and cut off; so is, with a word to `onFault`, every line that cannot be read.
 */
export function openOutsideLog(path: string, onFault: (message: string) => void): OutsideLog {
  const isNew = !existsSync(path);
  const content = isNew ? Buffer.alloc(0) : readFileSync(path);
  let length = content.lastIndexOf(NEWLINE) + 1;
  const file = openSync(path, 'a', 0o600);
  if (isNew) syncFolder(dirname(path));
  if (length < content.length) {
    onFault(`the last line of ${path} is torn: its ${String(content.length - length)} bytes are dropped`);
    ftruncateSync(file, length);
    fsyncSync(file);
  }
  const events = content
    .toString('utf8', 0, length)
    .split('\n')
    .flatMap((line, i) => (line === '' ? [] : readLine(line, `line ${String(i + 1)} of ${path}`, onFault)));
  return {
    events,
    append: (event) => {
      const line = Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
      try {
        // All of it or an error: a single write may take only a part, without a word.
        writeFileSync(file, line);
        fsyncSync(file);
      } catch (error) {
        ftruncateSync(file, length);
        throw error;
      }
      length += line.length;
      events.push(event);
    },
    close: () => {
      closeSync(file);
    },
  };
}

function readLine(line: string, where: string, onFault: (message: string) => void): OutsideEvent[] {
  try {
    const event: unknown = JSON.parse(line);
    if (checked.Check(event)) return [event];
    onFault(`${where} is no event from outside: it is dropped`);
  } catch (error) {
    onFault(`${where} cannot be read (${error instanceof Error ? error.message : String(error)}): it is dropped`);
  }
  return [];
}

/** A new file's name must be on the disk too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
