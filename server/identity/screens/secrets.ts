import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { PAIRING_ALPHABET } from '#shared/protocol/screens.ts';

const pick = (length: number) =>
  Array.from({ length }, () => PAIRING_ALPHABET.charAt(randomInt(PAIRING_ALPHABET.length))).join('');

/** What a wall shows, to be typed by a person. */
export const newCode = (): string => pick(6);
export const newScreenId = (): string => `screen-${pick(8).toLowerCase()}`;
/** 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
/** All that is kept of a secret. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export function isSecretOf(secret: string, hash: string | null): boolean {
  if (hash === null) return false;
  const [given, kept] = [Buffer.from(hashOf(secret)), Buffer.from(hash)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
