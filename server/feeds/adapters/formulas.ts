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

/**
 * What a field's formula comes to over `raw`, the values of its terms from `from` on. A term that is missing makes the whole
 * missing, and one that is refused makes it refused: the rest alone would say something else.
 */
export function evaluate(
  {
    name,
    rule,
    formula: { text, terms },
  }: { readonly name: string; readonly rule: NumberRule; readonly formula: Formula },
  raw: readonly unknown[],
  from: number,
  place: string,
  refusals: Refusals,
): NumberField {
  let sum = 0;
  let invalid = false;
  let missing = false;
  for (const [i, { field, sign }] of terms.entries()) {
    const value = numberField(raw[from + i], rule);
    if (value === 'invalid') {
      refuseNumber(refusals, `${place}/${field}`, rule);
      invalid = true;
    } else if (value === 'missing-field') missing = true;
    else sum += sign * value;
  }
  if (invalid) return 'invalid';
  if (missing) return 'missing-field';
  const result = numberField(sum, rule);
  if (result === 'invalid')
    refusals.add(`${place}/${name}`, sum < 0 ? `comes out below zero: ${text}` : `comes out too large: ${text}`);
  return result;
}
