/** What an expression came to. `why` is in our own words: neither the payload nor the engine's message is in it. */
export type Mapped = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/** Runs JSONata outside the main thread, bounded in time and memory, so that a mapping can hurt only its own feed. */
export interface MappingRunner {
  /** Never rejects. `bindings` become `$name` in the expression. */
  run(expression: string, input: unknown, bindings: Readonly<Record<string, unknown>>): Promise<Mapped>;
  close(): Promise<void>;
}
