import { CANARY, CANARY_TEXT } from '../fixtures/feeds/samples.ts';

type Holder = Record<string | number, unknown>;
interface Spot {
  readonly holder: Holder;
  readonly key: string | number;
}

/** Numbers in [0, 1), the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const nest = (depth: number, list: boolean): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = list ? [value] : { value };
  return value;
};
const CANARIES = [CANARY_TEXT, ...Object.values(CANARY), Number(CANARY.nhsNumber)];
const NUMBERS = [0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 + 2, 2 ** 31, 0.1, 1e21];
const TEXTS = [
  '',
  ' ',
  '7',
  '-',
  '*',
  'NaN',
  'null',
  'free',
  '<html>',
  '\u0000',
  '\uD800',
  '\u202Eabc',
  'é\u0301',
  '🏥',
];
const TIMES = [
  '2026-09-14T09:00:00',
  '2026-02-30T09:00:00Z',
  '9999-12-31T23:59:60Z',
  '2026-10-25T01:30:00+01:00',
  '1970-01-01T00:00:00Z',
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  'hasOwnProperty',
  'then',
  'id',
  'odsCode',
  '',
];
const BIG = 'x'.repeat(200_000);
const DEEP = [nest(3000, true), nest(3000, false), nest(40, true)];
const MISC = [null, true, false, [], {}, [[]], [null], { length: 3 }, BIG, ...DEEP];

export interface Mutated {
  /** Whether somebody was put into the document. */
  readonly canary: boolean;
  /** Numbers that were put into it. */
  readonly numbers: readonly number[];
  /** What was done, in a few words. */
  readonly told: string;
  /** Takes everything back. */
  undo(): void;
}

/**
 * Changes a parsed document in place, a few places at a time, and takes it back again: far cheaper than a copy a time.
 * The changes know what JSON documents are made of; no change makes a document that JSON could not hold.
 */
export function createMutator(root: object, seed: number): { mutate(): Mutated } {
  const random = createRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const spots = spotsOf(root as Holder);

  const change = ({ holder, key }: Spot, undo: (() => void)[], numbers: number[]): string => {
    // An earlier change of the same document may have made the list shorter.
    if (Array.isArray(holder) && Number(key) >= holder.length) return 'nothing';
    const old = holder[key];
    const set = (value: unknown): string => {
      undo.push(() => (holder[key] = old));
      holder[key] = value;
      if (typeof value === 'number') numbers.push(value);
      return `${String(key)} set`;
    };
    const restoreList = (list: unknown[]): void => {
      const copy = [...list];
      undo.push(() => list.splice(0, list.length, ...copy));
    };
    const list = Array.isArray(holder) ? (holder as unknown[]) : Array.isArray(old) ? (old as unknown[]) : null;
    switch (below(12)) {
      case 0:
        return set(pick(NUMBERS));
      case 1:
        return set(pick([...TEXTS, ...TIMES]));
      case 2:
        return set(pick(MISC));
      case 3:
        return `${set(pick(CANARIES))} to somebody`;
      case 4:
        if (typeof old === 'string') return `${set(`${old} ${CANARY_TEXT}`)} with somebody`;
        return set(typeof old === 'number' ? pick([-old, old + 0.5, old * 1e300, String(old), old + 1]) : old);
      case 5: {
        // The same kind of thing from elsewhere: a code of another record, another's time, another's number.
        const other = pick(spots);
        const value = other.holder[other.key];
        return set(typeof value === 'object' ? null : value);
      }
      case 6:
        if (Array.isArray(holder)) {
          restoreList(holder as unknown[]);
          (holder as unknown[]).splice(Number(key), 1);
        } else {
          undo.push(() => (holder[key] = old));
          Reflect.deleteProperty(holder, key);
        }
        return `${String(key)} dropped`;
      case 7:
        if (!list || list.length === 0) return set(null);
        restoreList(list);
        list.splice(below(list.length + 1), 0, pick(list));
        return 'an element doubled';
      case 8:
        if (!list) return set([old]);
        restoreList(list);
        list.sort(() => random() - 0.5);
        return 'a list reordered';
      case 9:
        if (!list) return set({ value: old });
        restoreList(list);
        list.length = below(list.length + 1);
        return 'a list cut short';
      case 10: {
        const target = typeof old === 'object' && old !== null && !Array.isArray(old) ? old : holder;
        const name = pick(KEYS);
        if (Array.isArray(target) || Object.hasOwn(target, name)) return set(pick(NUMBERS));
        undo.push(() => Reflect.deleteProperty(target, name));
        Object.defineProperty(target, name, {
          value: pick([{ polluted: 1 }, 'x', 1, null]),
          enumerable: true,
          configurable: true,
          writable: true,
        });
        numbers.push(1);
        return `a key ${name} added`;
      }
      default: {
        const text = typeof old === 'string' ? old : '';
        return set(
          typeof old === 'string'
            ? pick([
                text.slice(0, below(text.length + 1)),
                text.toLowerCase(),
                ` ${text} `,
                text.repeat(3),
                text.replace('Z', ''),
              ])
            : pick(TEXTS),
        );
      }
    }
  };

  return {
    mutate() {
      const undo: (() => void)[] = [];
      const numbers: number[] = [];
      const told: string[] = [];
      for (let i = 1 + below(3); i > 0; i--) told.push(change(pick(spots), undo, numbers));
      const words = told.join(', ');
      return {
        canary: words.includes('somebody') || numbers.includes(Number(CANARY.nhsNumber)),
        numbers,
        told: words,
        undo() {
          for (const step of undo.toReversed()) step();
        },
      };
    },
  };
}

/** Every place of a document that something stands at. */
function spotsOf(root: Holder): Spot[] {
  const spots: Spot[] = [];
  const visit = (holder: Holder): void => {
    for (const name of Object.keys(holder)) {
      const key = Array.isArray(holder) ? Number(name) : name;
      spots.push({ holder, key });
      const value = holder[key];
      if (typeof value === 'object' && value !== null) visit(value as Holder);
    }
  };
  visit(root);
  return spots;
}

/** A text changed by a few characters, pieces or ends: tables come as texts. */
export function mutateText(text: string, random: () => number): string {
  let result = text;
  for (let i = 1 + Math.floor(random() * 4); i > 0; i--) {
    const at = Math.floor(random() * (result.length + 1));
    const to = Math.min(result.length, at + Math.floor(random() * 12));
    const pieces = [
      '"',
      ';',
      ',',
      '\t',
      '\n',
      '\r',
      '\r\n',
      '',
      '-1',
      '9'.repeat(30),
      '\u0000',
      CANARY_TEXT,
      CANARY.name,
      BIG,
      result.slice(at, to).repeat(3),
    ];
    const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
    result =
      random() < 0.1 ? result.slice(0, at) : result.slice(0, at) + piece + result.slice(random() < 0.5 ? at : to);
  }
  return result;
}
