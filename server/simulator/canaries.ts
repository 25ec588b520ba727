import { trait, uuidOf } from './random.ts';

/**
 * Invented people in the payloads, as real suppliers' payloads hold real ones. None of these words may ever be found
 * behind an adapter: tests look for every one of them.
 */
export const CANARY_FAMILIES = [
  'Quillfeather',
  'Larkspindle',
  'Oxbramble',
  'Thistlewren',
  'Umberquist',
  'Vexmoor',
  'Wrenfallow',
  'Yarrowgate',
  'Zephyrine',
  'Brackenholt',
  'Cindermere',
  'Dapplewick',
] as const;
export const CANARY_GIVEN = [
  'Zelda',
  'Peregrine',
  'Ottoline',
  'Lysander',
  'Marigold',
  'Caspian',
  'Thea',
  'Ignatius',
] as const;
/** Free text as people write it; the telephone number is from the range kept for drama. */
export const CANARY_TEXTS = [
  'Canarytext: chest tight since Sunday, daughter rang from 07700 900461',
  'Canarytext: wants Dr Quillfeather only, lives at 14 Canary Wharf Cottages',
  'Canarytext: repeat of last week, see letter of 3 March',
] as const;

const from = <T>(list: readonly [T, ...T[]], share: number): T => list[Math.floor(share * list.length)] ?? list[0];

export interface CanaryPerson {
  readonly family: string;
  readonly given: string;
}

export function canaryPerson(...parts: readonly (string | number)[]): CanaryPerson {
  return {
    family: from(CANARY_FAMILIES, trait(...parts, 'family')),
    given: from(CANARY_GIVEN, trait(...parts, 'given')),
  };
}

/** Ten digits of the 999 range, which is never issued to anybody. */
export function canaryNhsNumber(...parts: readonly (string | number)[]): string {
  return `999${String(Math.floor(trait(...parts, 'nhs') * 1e7)).padStart(7, '0')}`;
}

export function canaryText(...parts: readonly (string | number)[]): string | null {
  return trait(...parts, 'has-text') < 0.3 ? from(CANARY_TEXTS, trait(...parts, 'text')) : null;
}

/** A telephone number from the range kept for drama. */
export const canaryPhone = (...parts: readonly (string | number)[]): string =>
  `07700 900${String(Math.floor(trait(...parts, 'phone') * 1000)).padStart(3, '0')}`;

export const canaryBirthDate = (...parts: readonly (string | number)[]): string => {
  const part = (what: string, from: number, count: number) =>
    String(from + Math.floor(trait(...parts, what) * count)).padStart(2, '0');
  return `${part('born-year', 1931, 88)}-${part('born-month', 1, 12)}-${part('born-day', 1, 28)}`;
};

/** The person of a record, as suppliers who know the caller send one along: in words, in numbers, by reference. */
export function canaryCaller(...parts: readonly (string | number)[]) {
  const person = canaryPerson(...parts);
  const nhsNumber = canaryNhsNumber(...parts);
  return {
    name: `${person.given} ${person.family}`,
    telephone: canaryPhone(...parts),
    dateOfBirth: canaryBirthDate(...parts),
    nhsNumber,
    patientId: Number(nhsNumber),
    reference: `Patient/${uuidOf(...parts, 'patient')}`,
    note: from(CANARY_TEXTS, trait(...parts, 'text')),
  };
}
