import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { NationalSchema, type National } from '#shared/model/definition.ts';

const FILE = new URL('../systems/national/national.json', import.meta.url);

/** The national shapes that ship with the product (made by `headroom import national`; see PROVENANCE.md beside them). */
export function loadNational(): National {
  const value: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  if (!Value.Check(NationalSchema, value)) throw new Error(`${fileURLToPath(FILE)} does not hold the national shapes`);
  return value;
}
