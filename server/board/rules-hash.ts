import { createHash } from 'node:crypto';
import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import { contentText } from '../domain/rules/content.ts';

const shortHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** Short hash of what rules say: the same content has the same, in whichever version. */
export const rulesHash = (rules: Rules): string => shortHash(contentText(rules), 12);

/** `<version>/<hash>`: the name by which each level change says what it was judged by. */
export const rulesId = (rules: Rules): string => `${rules.version}/${rulesHash(rules)}`;

/** Hash of a definition and its rules together, as states up to version 3 named it. */
export const hashWithRules = (definition: Definition): string =>
  shortHash(JSON.stringify({ ...definition, version: undefined }), 16);
