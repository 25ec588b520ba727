import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { codeOf } from '../domain/error-code.ts';
import { tooDeep } from './depth.ts';
import { FAULTS, type Fault } from './faults.ts';

const unzip = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;
const rawInflate = promisify(inflateRaw);

/** Decompresses to at most `maxBytes`: the engine stops there, so a bomb costs no more memory than a large answer. */
export function decode(raw: Buffer, encoding: string, maxBytes: number): Buffer | Fault | Promise<Buffer | Fault> {
  if (encoding === '') return raw;
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return raw;
  if (!Object.hasOwn(unzip, name)) return FAULTS.encoding;
  return decompress(raw, name as keyof typeof unzip, maxBytes);
}

async function decompress(raw: Buffer, name: keyof typeof unzip, maxBytes: number): Promise<Buffer | Fault> {
  const limit = { maxOutputLength: maxBytes };
  try {
    // Some servers send deflate without its zlib wrapper; the first byte of the wrapper says which it is.
    if (name === 'deflate' && ((raw[0] ?? 0) & 0x0f) !== 8) return await rawInflate(raw, limit);
    return await unzip[name](raw, limit);
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? FAULTS.tooLarge : FAULTS.damaged;
  }
}

/** What a body says, or why it says nothing. */
export type Understood =
  { readonly ok: true; readonly payload: unknown } | { readonly ok: false; readonly fault: Fault };

const no = (fault: Fault): Understood => ({ ok: false, fault });

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b|^text\/json\b/i;
const OPENING = new Set(['{', '[']);

/** A body that must be JSON: by its declared type, or by its first character where none is declared. */
export function readJson(contentType: string, body: Buffer): Understood {
  // Most bodies begin with the bracket, and their type is written in one way.
  const first = body[0] === 0x7b || body[0] === 0x5b ? '{' : firstCharacter(body);
  if (first === '') return no(FAULTS.empty);
  if (first === '<') return no(FAULTS.html);
  if (contentType === '' ? !OPENING.has(first) : contentType !== 'application/json' && !JSON_TYPE.test(contentType))
    return no(FAULTS.wrongType);
  const text = body.toString('utf8');
  const payload = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (payload === undefined) return no(FAULTS.malformed);
  return tooDeep(text, payload) ? no(FAULTS.tooDeep) : { ok: true, payload };
}

const CSV_TYPE = /^(?:text\/csv|text\/plain|application\/csv)\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i;

/** A body that must be CSV, as text. What is JSON or a web page is told from it, whatever type it declares. */
export function readCsv(contentType: string, body: Buffer): Understood {
  const first = firstCharacter(body);
  if (first === '') return no(FAULTS.empty);
  if (first === '<') return no(FAULTS.html);
  if ((contentType !== '' && !CSV_TYPE.test(contentType)) || OPENING.has(first)) return no(FAULTS.notCsv);
  const text = decodeText(body, CHARSET.exec(contentType)?.[1] ?? 'utf-8');
  return text === null ? no(FAULTS.charset) : { ok: true, payload: text };
}

/** Null where the character set is not one that is known. */
function decodeText(body: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return null;
  }
}

/** First character that is no white space (and no byte order mark); empty when there is none in the first 1 kB. */
function firstCharacter(body: Buffer): string {
  return body
    .toString('utf8', 0, 1024)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .charAt(0);
}

/** Undefined where it is no JSON. The engine's message quotes the payload, so it stops here. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The payload of an error's body, for its code; null where it is no JSON. */
export function parseError(body: Buffer): unknown {
  return parse(body.toString('utf8').replace(/^\uFEFF/, '')) ?? null;
}
