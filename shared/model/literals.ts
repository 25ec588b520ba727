import Type from 'typebox';

/** One of these texts. The type is stated because a union made from an array has none of its own. */
export function Literals<T extends string>(values: readonly T[]) {
  return Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
}
