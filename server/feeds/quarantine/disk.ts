import { localDate, type EpochMs } from '#shared/model/time.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Logger } from '../logger.ts';
import { openQuarantineFiles, type Position } from './files.ts';
import type { Kept, KeptIndex } from './index.ts';
import { countedOf, lineOf, mergeCounted, type AnswerLine, type CountedLine, type Line } from './lines.ts';

/** Of the budget, what one file may hold: so much is gone through when room is made, and so much room is made. */
const FILE_SHARE = 1 / 64;

export interface DiskState {
  /** Code of what the disk fails with; empty while it takes records. */
  readonly trouble: string;
  /** Lines that could not be read at the start. */
  readonly torn: number;
  /** Copies from before this time are gone for want of room. */
  readonly thinnedUntil: EpochMs | null;
}

export interface QuarantineDisk {
  /** Never throws: what the disk does not take is said by `state`. */
  append(line: Line, at: EpochMs): void;
  /** The answer as it was kept; null where it is gone. */
  read(kept: Kept): AnswerLine | null;
  state(): DiskState;
  close(): void;
}

interface DiskOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly byteBudget: number;
  readonly logger: Logger;
}

/** Opens the folder, indexes what is in it and hands every line of it to `count`. */
export function openQuarantineDisk(
  { folder, clock, byteBudget, logger }: DiskOptions,
  index: KeptIndex,
  count: (line: AnswerLine | CountedLine) => void,
): QuarantineDisk {
  const files = openQuarantineFiles(folder, byteBudget * FILE_SHARE);
  let torn = 0;
  let trouble = '';
  let thinnedUntil: EpochMs | null = null;

  const indexLine = (line: Line, position: Position): void => {
    if (line.t === 'answer') index.add(line, position);
    if (line.t === 'settled') index.settle(line.id, line.state);
  };
  type Each = (line: Line, position: Position) => void;
  const readFile = (file: string, each: Each, broken: () => void = () => undefined): void => {
    files.lines(
      file,
      (value, position) => {
        const line = lineOf(value);
        if (line === null) broken();
        else each(line, position);
      },
      broken,
    );
  };
  for (const file of files.names()) {
    readFile(
      file,
      (line, position) => {
        indexLine(line, position);
        if (line.t !== 'settled') count(line);
      },
      () => void torn++,
    );
  }
  if (torn > 0) logger.warn({ type: 'quarantine.torn', lines: torn }, 'lines of the quarantine could not be read');

  /** Of today what was refused stays counted, of earlier days nothing does. */
  const thinFile = (file: string, isToday: boolean): void => {
    const counted: CountedLine[] = [];
    if (isToday)
      readFile(file, (line) => {
        if (line.t !== 'settled') counted.push(line.t === 'answer' ? countedOf(line) : line);
      });
    for (const line of mergeCounted(counted)) files.append(line.at, line);
    files.remove(file);
    const until = index.forget(file);
    if (until !== null) thinnedUntil = Math.max(thinnedUntil ?? until, until);
    logger.warn({ type: 'quarantine.thinned', file }, 'oldest detail of the quarantine was dropped');
  };
  const thin = (): void => {
    const today = localDate(clock.now());
    for (const file of files.names()) {
      if (files.bytes <= byteBudget || file === files.current) return;
      thinFile(file, file.slice(0, today.length) >= today);
    }
  };

  return {
    append(line, at) {
      try {
        indexLine(line, files.append(at, line));
        if (files.bytes > byteBudget) thin();
        if (trouble !== '') logger.info({ type: 'quarantine.writes-again' }, 'the quarantine takes records again');
        trouble = '';
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
        if (trouble === '') logger.error({ type: 'quarantine.failed', code }, 'the quarantine cannot be written');
        trouble = code;
      }
    },
    read(kept) {
      try {
        const line = lineOf(files.read(kept.position));
        return line?.t === 'answer' && line.id === kept.id ? line : null;
      } catch {
        // Gone from the disk: what is left says so by its absence.
        return null;
      }
    },
    state: () => ({ trouble, torn, thinnedUntil }),
    close: files.close,
  };
}
