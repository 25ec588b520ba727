import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { PROJECT } from './options.ts';

/** Version of this build, as screens carry it: the product's, and which web pages were built. */
export function buildVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const version = Value.Check(Type.Object({ version: Type.String() }), manifest) ? manifest.version : '0';
  try {
    return `${version}+${readFileSync(join(PROJECT, 'web/build/.stamp'), 'utf8').trim().slice(0, 10)}`;
  } catch {
    return version;
  }
}
