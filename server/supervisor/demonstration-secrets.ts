import { randomBytes } from 'node:crypto';
import type { Definition } from '#shared/model/definition.ts';

const SECRET_BYTES = 18;

/**
 * A secret for every `${NAME}` by which the demonstration's feeds sign in and which nobody has set: made up for as long
 * as we live, known to the server and to the simulated suppliers.
 */
export function demonstrationSecrets(
  definition: Pick<Definition, 'feeds'>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const parts = definition.feeds.flatMap((feed) => feed.auth.flatMap((part) => Object.values(part)));
  const names = parts.flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
  const unset = [...new Set(names)].filter((name) => name !== 'FEEDS_URL' && env[name] === undefined);
  return Object.fromEntries(unset.map((name) => [name, randomBytes(SECRET_BYTES).toString('base64url')]));
}
