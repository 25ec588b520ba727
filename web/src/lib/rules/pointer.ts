/** Reads a JSON pointer; undefined where it leads nowhere. */
export function readAt(value: unknown, pointer: string): unknown {
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[part];
  }
  return here;
}

/** A copy with another value at a pointer; `undefined` takes it out. The rest is shared with what it was made from. */
export function writeAt(value: unknown, pointer: string, next: unknown): unknown {
  const [part, ...rest] = pointer.split('/').slice(1);
  if (part === undefined) return next;
  const inner = rest.length > 0 ? `/${rest.join('/')}` : '';
  if (Array.isArray(value)) {
    if (inner === '' && next === undefined) return value.filter((_item, i) => i !== Number(part));
    const copy: unknown[] = [...(value as unknown[])];
    copy[Number(part)] = writeAt(copy[Number(part)], inner, next);
    return copy;
  }
  const held = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (inner === '' && next === undefined) return Object.fromEntries(Object.entries(held).filter(([k]) => k !== part));
  return { ...held, [part]: writeAt(held[part], inner, next) };
}
