import type { RefusedRow } from './runner.ts';

/** What the process that runs mappings is asked. One question at a time. */
export interface MappingQuestion {
  readonly expression: string;
  readonly input: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly format: 'json' | 'csv';
  readonly limitMs: number;
}

/** Codes and positions only: an engine's message may quote the payload. */
export type MappingAnswer =
  | {
      readonly kind: 'value';
      /** JSON text; null where the expression came to nothing. */
      readonly json: string | null;
      readonly refused: readonly RefusedRow[];
      readonly refusedCount: number;
    }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'fault'; readonly code: string; readonly position: number | null };
