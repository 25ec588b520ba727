import { PAIRING_ALPHABET } from '$shared/protocol/screen-names';
import { sayDuration } from '../format/time.ts';

export const CODE_LENGTH = 6;

/** K7M 4HX. */
export const inThrees = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`.trim();

/** What somebody typed, as far as it can be part of a code: case and spaces make no difference. */
export const asCode = (typed: string): string =>
  [...typed.toUpperCase()]
    .filter((letter) => PAIRING_ALPHABET.includes(letter))
    .slice(0, CODE_LENGTH)
    .join('');

/** Letters and digits in it that no code has. */
export const strangers = (typed: string): string[] => [
  ...new Set(
    [...typed.toUpperCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter) && !PAIRING_ALPHABET.includes(letter)),
  ),
];

/** Until then the code is good; whole minutes, the last one in seconds. */
export function nextCode(leftMs: number): string {
  if (leftMs <= 0) return 'New code now';
  return `New code in ${sayDuration(leftMs < 60_000 ? leftMs : Math.floor(leftMs / 60_000) * 60_000)}`;
}
