/** Where a verb writes. Standard output carries results, standard error what went wrong. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** One verb of the operator's command line: a file in `verbs/` that exports `verb`. Its name is the file's. */
export interface Verb {
  /** Arguments after the verb's name: `<system-dir>`. */
  readonly usage: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Gives the exit code: 0 done, 1 it found faults, 2 it was called wrongly. */
  run(args: readonly string[], output: Output): Promise<number>;
}

/** Thrown by a verb that was called wrongly; the dispatcher answers with the verb's usage. */
export class UsageFault extends Error {
  readonly code = 'USAGE';
}
