import { Compile } from 'typebox/compile';
import {
  ReplayEndSchema,
  ReplaySchema,
  RequestSchema,
  SubscribeSchema,
  UnsubscribeSchema,
  type ErrorFrame,
  type LiveRequest,
} from '#shared/protocol/live.ts';

export type Understood =
  | { readonly ok: true; readonly request: LiveRequest }
  | { readonly ok: false; readonly code: ErrorFrame['code']; readonly message: string };

const any = Compile(RequestSchema);
const byType = {
  subscribe: Compile(SubscribeSchema),
  unsubscribe: Compile(UnsubscribeSchema),
  replay: Compile(ReplaySchema),
  'replay-end': Compile(ReplayEndSchema),
} as const;
const isType = (type: unknown): type is keyof typeof byType => typeof type === 'string' && Object.hasOwn(byType, type);

const bad = (message: string): Understood => ({ ok: false, code: 'BAD_FRAME', message });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks one parsed request; the message names the field and never repeats what was sent. */
export function understand(value: unknown): Understood {
  if (any.Check(value)) return { ok: true, request: value };
  if (!isRecord(value)) return bad('a request is one JSON object');
  const { type } = value;
  if (!isType(type)) return bad('/type must be subscribe, unsubscribe, replay or replay-end');
  const [fault] = byType[type].Errors(value);
  return bad(fault === undefined ? 'not a request' : `${fault.instancePath || '/'} ${fault.message}`);
}

/** The same from text, with its limit. */
export function understandText(text: string, maxBytes: number): Understood {
  if (Buffer.byteLength(text) > maxBytes) {
    return { ok: false, code: 'TOO_LARGE', message: `a request has at most ${maxBytes} bytes` };
  }
  try {
    return understand(JSON.parse(text));
  } catch {
    return bad('not JSON');
  }
}
