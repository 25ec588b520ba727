import type { Row } from '../import/tables.ts';
import type { Tally } from '../import/tally.ts';

/** One published number: whose, which, when. `day` 0 is the whole month, `band` 0 the whole day. */
export interface Figure {
  readonly org: string;
  readonly item: string;
  /** `2026-02`. */
  readonly month: string;
  readonly day: number;
  readonly band: number;
  readonly value: number;
}

/** What reading a file of figures comes to, row by row. */
export interface FigureReader {
  /** The figures of a row; none, with the reason in the tally, where it cannot be taken. */
  take(row: Row, where: string, tally: Tally): readonly Figure[];
  /** Says what can only be said at the end. Gives the items that are not to be believed: nothing is kept of them. */
  finish(tally: Tally): readonly string[];
}

/** A published dataset of figures. */
export interface Dataset {
  readonly kind: string;
  readonly title: string;
  /** Columns (cleaned, upper case) one of these headings must have. */
  readonly headings: readonly (readonly string[])[];
  /** Figures of one key that come in several rows add up (crosstabs); otherwise a second one is a fault of the file. */
  readonly adds: boolean;
  /** A file has every item of its organisations' months: what a revised one no longer names is gone. */
  readonly whole?: boolean;
  read(): FigureReader;
}

export const ENGLAND = 'ENGLAND';

/** An organisation's code as it should be; null for what names no single organisation. */
export function orgCode(text: string | undefined): string | null {
  const code = (text ?? '').trim().toUpperCase();
  return /^[A-Z0-9]{3,8}$/.test(code) && code !== 'UNMAPPED' && code !== 'UNKNOWN' ? code : null;
}

/** Name for an item from a published label: `Face-to-Face` is `face-to-face`. */
export const slug = (label: string): string =>
  label
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Collects reasons why a row is not taken. */
export function refuse(tally: Tally, reason: string, where: string): readonly never[] {
  tally.rejected(reason, where);
  return [];
}
