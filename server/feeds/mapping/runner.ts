/** A row of a CSV text that was left out: which one (from 0, headings apart), and why. Never what it held. */
export interface RefusedRow {
  readonly row: number;
  readonly reason: string;
}

/** What an expression came to. `why` is in our own words: neither the payload nor the engine's message is in it. */
export type Mapped =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** CSV only: rows that do not fit the headings, the first 50 of them. */
      readonly refused?: readonly RefusedRow[];
      /** In all. */
      readonly refusedCount?: number;
    }
  | {
      readonly ok: false;
      readonly why: string;
      /** The payload was no CSV: the expression was not to blame. */
      readonly unreadable?: true;
    };

/** Runs JSONata outside the server's own process, bounded in time and memory, so that a mapping can hurt only its own feed. */
export interface MappingRunner {
  /**
   * Never rejects. `bindings` become `$name` in the expression. `csv`: `input` is the text of a table, which the
   * expression sees as a list of rows by heading.
   */
  run(
    expression: string,
    input: unknown,
    bindings: Readonly<Record<string, unknown>>,
    format?: 'json' | 'csv',
  ): Promise<Mapped>;
  close(): Promise<void>;
}
