import type { Pairing } from '#shared/protocol/screens.ts';
import { Allowance } from './allowance.ts';
import { ScreensProblem } from './problem.ts';
import { hashOf, newCode, newSecret } from './secrets.ts';

/** Real time that a code is good for. */
export const CODE_MS = 10 * 60_000;
const MOST_OPEN = 50;
/** From one address: a room full of walls at once, then one every 6 s. */
const CODES_AT_ONCE = 20;
const CODE_EVERY_MS = 6000;
/** Wrong codes: from one address, and from all of them, so that many addresses guess no faster. */
const TRIES_AT_ONCE = 10;
const TRY_EVERY_MS = 6000;
const ALL_TRIES_AT_ONCE = 60;
const ALL_TRY_EVERY_MS = 1000;
const ALL = 'all';

interface Open {
  readonly code: string;
  readonly secretHash: string;
  readonly untilMs: number;
}

/** Codes that walls show now: in memory only, a wall whose code is forgotten asks for another by itself. */
export class PairingCodes {
  #open = new Map<string, Open>();
  readonly #monotonic: () => number;
  readonly #asked: Allowance;
  readonly #wrong: Allowance;
  readonly #wrongOfAll: Allowance;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#asked = new Allowance(CODES_AT_ONCE, CODE_EVERY_MS, monotonic);
    this.#wrong = new Allowance(TRIES_AT_ONCE, TRY_EVERY_MS, monotonic);
    this.#wrongOfAll = new Allowance(ALL_TRIES_AT_ONCE, ALL_TRY_EVERY_MS, monotonic);
  }

  open(address: string): Omit<Pairing, 'clock'> {
    this.#forgetOld();
    const retryMs = this.#asked.waitMs(address);
    if (retryMs > 0) throw new ScreensProblem('TOO_MANY_CODES', 'Too many codes were asked for', { retryMs });
    const [first] = this.#open.values();
    if (this.#open.size >= MOST_OPEN && first !== undefined) {
      const freeInMs = first.untilMs - this.#monotonic();
      throw new ScreensProblem('SCREENS_FULL', 'Too many screens wait to be paired', { retryMs: freeInMs });
    }
    this.#asked.spend(address);
    let code = newCode();
    while (this.#open.has(code)) code = newCode();
    const secret = newSecret();
    this.#open.set(code, { code, secretHash: hashOf(secret), untilMs: this.#monotonic() + CODE_MS });
    return { code, secret, expiresInMs: CODE_MS };
  }

  /** Real milliseconds that the code of this secret is still good for; 0 once it is not. */
  leftMs(secret: string): number {
    this.#forgetOld();
    const hash = hashOf(secret);
    const open = [...this.#open.values()].find(({ secretHash }) => secretHash === hash);
    return open === undefined ? 0 : Math.ceil(open.untilMs - this.#monotonic());
  }

  /** Hash of the secret of the wall that shows this code. Wrong codes are counted: after too many nobody may try for a while. */
  find(code: string, address: string): string {
    this.#forgetOld();
    const retryMs = Math.max(this.#wrong.waitMs(address), this.#wrongOfAll.waitMs(ALL));
    if (retryMs > 0) throw new ScreensProblem('TOO_MANY_TRIES', 'Too many wrong codes; wait a moment', { retryMs });
    const open = this.#open.get(code);
    if (open !== undefined) return open.secretHash;
    this.#wrong.spend(address);
    this.#wrongOfAll.spend(ALL);
    throw new ScreensProblem(
      'UNKNOWN_CODE',
      'No screen shows that code now. Codes change every 10 minutes: read it off the screen again',
    );
  }

  close(code: string): void {
    this.#open.delete(code);
  }

  #forgetOld(): void {
    const now = this.#monotonic();
    for (const { code, untilMs } of this.#open.values()) if (untilMs <= now) this.#open.delete(code);
  }
}
