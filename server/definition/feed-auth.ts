import { Value } from 'typebox/value';
import { AuthPartSchema, type AuthPart } from '#shared/model/definition.ts';
import { addressFaults } from './feed-access.ts';
import type { AuthEntry, FeedEntry } from './feed-entry.ts';
import type { Wrong } from './feed-wrong.ts';
import { isReference } from './secrets.ts';

type PartType = AuthPart['type'];

/** Credentials are `${NAME}`; the others may be written out. */
const CREDENTIALS: Readonly<Record<PartType, readonly string[]>> = {
  bearer: ['token'],
  basic: ['user', 'password'],
  'nhs-signed-jwt': ['clientId', 'keyId', 'key'],
  'oauth-client': ['clientId', 'clientSecret'],
  mtls: ['certificate', 'key'],
};
const OPTIONAL: Readonly<Partial<Record<PartType, readonly string[]>>> = {
  'nhs-signed-jwt': ['algorithm'],
  'oauth-client': ['scope'],
  mtls: ['ca'],
};
const EXCHANGED: ReadonlySet<string> = new Set<PartType>(['nhs-signed-jwt', 'oauth-client']);
const isPartType = (type: string): type is PartType => Object.hasOwn(CREDENTIALS, type);

/** The parts of a feed's sign-in; faults reported at the part or its setting. */
export function readAuth(entry: FeedEntry, wrong: Wrong): AuthPart[] {
  const parts = (entry.auth ?? []).flatMap((part, i) => readPart(part, i, wrong) ?? []);
  checkTogether(entry, parts, wrong);
  return parts;
}

function readPart(part: AuthEntry, i: number, wrong: Wrong): AuthPart | null {
  const { type } = part;
  if (!isPartType(type)) {
    wrong(['auth', i, 'type'], `auth: "${type}" is none of ${Object.keys(CREDENTIALS).join(', ')}`);
    return null;
  }
  const exchanged = EXCHANGED.has(type);
  const required = [...CREDENTIALS[type], ...(exchanged ? ['tokenUrl'] : [])];
  const known = ['type', ...required, ...(OPTIONAL[type] ?? [])];
  for (const key of required) {
    if (part[key] === undefined) wrong(['auth', i], `auth: ${type}: "${key}" is missing`);
  }
  for (const key of Object.keys(part)) {
    if (!known.includes(key)) wrong(['auth', i, key], `auth: ${type}: ${key} is not a known setting`);
  }
  for (const key of [...CREDENTIALS[type], ...(type === 'mtls' ? ['ca'] : [])]) {
    const value = part[key];
    if (value !== undefined && !isReference(value)) {
      wrong(
        ['auth', i, key],
        `auth: ${type} ${key} must be \${NAME} (set in the environment), never the secret itself`,
      );
    }
  }
  if (exchanged) for (const fault of tokenUrlFaults(part['tokenUrl'])) wrong(['auth', i, 'tokenUrl'], `auth: ${fault}`);
  const { algorithm } = part;
  if (algorithm !== undefined && !['RS512', 'RS256', 'PS256', 'ES256'].includes(algorithm)) {
    wrong(['auth', i, 'algorithm'], `auth: algorithm "${algorithm}" is none of RS512, RS256, PS256, ES256`);
  }
  return Value.Check(AuthPartSchema, part) ? part : null;
}

function tokenUrlFaults(url: string | undefined): string[] {
  if (url === undefined) return [];
  const faults = addressFaults('tokenUrl', url);
  // One token serves every site of the feed.
  if (/(?<!\$)\{/.test(url)) faults.push('tokenUrl names a site: one sign-in serves them all');
  return faults;
}

function checkTogether(entry: FeedEntry, parts: readonly AuthPart[], wrong: Wrong): void {
  const certificates = parts.filter((part) => part.type === 'mtls').length;
  const headers = Object.keys(entry.headers ?? {}).filter((name) => name.toLowerCase() === 'authorization').length;
  if (parts.length - certificates + headers > 1) {
    wrong('auth', 'auth: more than one part would set the Authorization header');
  }
  if (certificates > 1) wrong('auth', 'auth: mtls is there twice');
  if (certificates > 0 && entry.url.startsWith('http://')) wrong('auth', 'auth: mtls needs an https address');
}
