import type { Redaction } from './adapters/adapter.ts';

/** A copy in which only what is allowed by name can be read (decision 26). */
export function redact(payload: unknown, redaction: Redaction): unknown {
  void redaction;
  return payload === null ? null : {};
}
