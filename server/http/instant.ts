import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import { badInput } from './errors.ts';

/** Throws BAD_INPUT, naming `path`, for a time that there is not. */
export function readInstant(text: string, path: string): EpochMs {
  try {
    return fromInstant(text);
  } catch {
    throw badInput(path, 'must be an RFC 3339 time');
  }
}
