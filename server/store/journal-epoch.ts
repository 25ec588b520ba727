import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootId } from './lock.ts';

/** Names a stretch of the journal whose numbers rise by one without a hole. Whoever holds a position holds its epoch too. */
export interface Epoch {
  readonly value: string;
  /** Whether a restart may go on in this epoch. */
  readonly vouched: boolean;
  vouch(): void;
  withdraw(): void;
  /** Says that nothing is left in the machine's memory: even its loss of power would not break the epoch. */
  closeClean(): void;
}

/** The id of the journal in this folder, made on first use. */
export function readIdentity(folder: string): string {
  const path = join(folder, 'identity.json');
  const known = readText(path, 'id');
  if (known !== null) return known;
  const id = randomUUID();
  tryTo(() => {
    writeFileSync(path, JSON.stringify({ format: 1, id }), { mode: 0o600 });
  });
  return id;
}

/**
 * Goes on in the epoch on disk when `continuous` and nothing acknowledged can have been lost since: not after the
 * machine itself went down with the journal open. Otherwise a new one begins.
 */
export function openEpoch(folder: string, continuous: boolean): Epoch {
  const path = join(folder, 'epoch.json');
  const boot = bootId();
  const known = continuous && safeSince(path, boot) ? readText(path, 'epoch') : null;
  const value = known ?? randomUUID();
  let vouched = false;

  const write = (clean: boolean) =>
    tryTo(() => {
      writeFileSync(path, JSON.stringify({ epoch: value, boot, clean }), { mode: 0o600 });
    });
  const epoch: Epoch = {
    value,
    get vouched() {
      return vouched;
    },
    vouch() {
      vouched = write(false);
    },
    withdraw() {
      // Removing needs no space on a full disk; should even that fail, a half-written file vouches for nothing either.
      vouched = false;
      tryTo(() => {
        rmSync(path, { force: true });
      });
    },
    closeClean() {
      write(true);
    },
  };
  epoch.vouch();
  return epoch;
}

function safeSince(path: string, boot: string | null): boolean {
  try {
    const body: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof body !== 'object' || body === null) return false;
    return ('clean' in body && body.clean === true) || ('boot' in body && body.boot === boot);
  } catch {
    return false;
  }
}

function readText(path: string, key: string): string | null {
  try {
    const body: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, key) : null;
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}

/** A full disk must not stop the server: what it refuses is written again later, or vouched for by nobody. */
function tryTo(write: () => void): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}
