import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { FAULTS, type Fault } from './faults.ts';

const unzip = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;
const rawInflate = promisify(inflateRaw);

/** Decompresses to at most `maxBytes`: the engine stops there, so a bomb costs no more memory than a large answer. */
export async function decode(raw: Buffer, encoding: string, maxBytes: number): Promise<Buffer | Fault> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return raw;
  if (!Object.hasOwn(unzip, name)) return FAULTS.encoding;
  const limit = { maxOutputLength: maxBytes };
  try {
    // Some servers send deflate without its zlib wrapper; the first byte of the wrapper says which it is.
    if (name === 'deflate' && ((raw[0] ?? 0) & 0x0f) !== 8) return await rawInflate(raw, limit);
    return await unzip[name as keyof typeof unzip](raw, limit);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ERR_BUFFER_TOO_LARGE' ? FAULTS.tooLarge : FAULTS.damaged;
  }
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b|^text\/json\b/i;

/** Whether what came may be parsed as JSON: by its declared type, or by its first character where none is declared. */
export function typeFault(contentType: string, body: Buffer): Fault | null {
  const first = firstCharacter(body);
  if (first === '') return FAULTS.empty;
  if (first === '<') return FAULTS.html;
  if (contentType !== '' && !JSON_TYPE.test(contentType)) return FAULTS.wrongType;
  if (contentType === '' && first !== '{' && first !== '[') return FAULTS.wrongType;
  return null;
}

/** First character that is no white space (and no byte order mark); empty when there is none in the first 1 kB. */
function firstCharacter(body: Buffer): string {
  return body
    .toString('utf8', 0, 1024)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .charAt(0);
}

/** Parses, or null where it is no JSON. The engine's message quotes the payload, so it stops here. */
export function parseJson(body: Buffer): { readonly value: unknown } | null {
  try {
    const text = body.toString('utf8');
    return { value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown };
  } catch {
    return null;
  }
}
