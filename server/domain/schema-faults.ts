import type Type from 'typebox';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';

export type Path = readonly (string | number)[];

export interface SchemaFault {
  readonly path: Path;
  readonly message: string;
}

/**
 * Faults of `value` in words, `whole` naming the value itself. One a place: what a union says of each branch is folded
 * into the union's own fault.
 */
export function schemaFaults(schema: Type.TSchema, value: unknown, whole = 'the file'): SchemaFault[] {
  const byPath = Map.groupBy(allErrors(schema, value), (error) => error.instancePath);
  return [...byPath].flatMap(([pointer, errors]) => {
    const path = pointerPath(pointer);
    const name = path.length === 0 ? whole : path.map(String).join('.');
    const choices = errors.flatMap((e) => (e.keyword === 'const' ? [JSON.stringify(e.params.allowedValue)] : []));
    if (choices.length > 0) return [{ path, message: `${name} must be ${choices.join(' or ')}` }];
    return errors.flatMap((error): SchemaFault[] => {
      if (error.keyword === 'boolean') return [{ path, message: `${name} is not a known setting` }];
      if (error.keyword === 'additionalProperties') return [];
      if (error.keyword === 'required') {
        return error.params.requiredProperties.map((key) => ({ path, message: `${name}: "${key}" is missing` }));
      }
      return [{ path, message: `${name} ${error.message}` }];
    });
  });
}

/** TypeBox stops at eight errors by default; an author wants all of them. The setting is global: put back. */
function allErrors(schema: Type.TSchema, value: unknown) {
  const before = Settings.Get().maxErrors;
  Settings.Set({ maxErrors: 10_000 });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors: before });
  }
}

function pointerPath(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A path as a JSON pointer (RFC 6901). */
export const toPointer = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
