import { numberField, refuseNumber, type NumberField, type NumberRule, type Refusals } from './values.ts';

/** A field as sums and differences of a supplier's own fields. */
export interface Formula {
  readonly text: string;
  readonly terms: readonly { readonly field: string; readonly sign: 1 | -1 }[];
}

/** Of a text like `missed - abandonedInMenu`; the definition has checked its form. */
export function parseFormula(text: string): Formula {
  const terms = [...text.matchAll(/([+-]?)\s*([A-Za-z]\w*)/g)].map(
    ([, sign, field = '']) => ({ field, sign: sign === '-' ? -1 : 1 }) as const,
  );
  return { text: text.trim(), terms };
}

/** A field of a record, by its name in ours. */
interface Field {
  readonly name: string;
  readonly rule: NumberRule;
  readonly formula: Formula;
}

/**
 * What a field's formula comes to over `raw`, the values of its terms from `from` on. A term that is missing makes the whole
 * missing, and one that is refused makes it refused (`refuseField` says why): the rest alone would say something else.
 */
export function evaluate({ rule, formula: { terms } }: Field, raw: readonly unknown[], from: number): NumberField {
  let sum = 0;
  let missing = false;
  for (let i = 0; i < terms.length; i++) {
    const value = numberField(raw[from + i], rule);
    if (value === 'invalid') return 'invalid';
    if (value === 'missing-field') missing = true;
    else sum += (terms[i]?.sign ?? 1) * value;
  }
  return missing ? 'missing-field' : numberField(sum, rule);
}

/** Records why a field is refused: its terms that are, or else what they come to together. */
export function refuseField(
  { name, rule, formula: { text, terms } }: Field,
  raw: readonly unknown[],
  from: number,
  place: string,
  refusals: Refusals,
): void {
  const values = terms.map((_, i) => numberField(raw[from + i], rule));
  for (const [i, { field }] of terms.entries())
    if (values[i] === 'invalid') refuseNumber(refusals, `${place}/${field}`, rule);
  if (values.includes('invalid')) return;
  const sum = terms.reduce((total, { sign }, i) => total + sign * Number(values[i]), 0);
  refusals.add(`${place}/${name}`, sum < 0 ? `comes out below zero: ${text}` : `comes out too large: ${text}`);
}
