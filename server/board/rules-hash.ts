import { createHash } from 'node:crypto';
import type { Rules } from '#shared/model/rules.ts';

/** Short content hash of the rules: each level change names what it was judged by. */
export const rulesHash = (rules: Rules): string =>
  createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 12);
