/** A try of rules on what was recorded, as far as a button elsewhere needs to know it. */
export interface Trying {
  readonly running: boolean;
  /** 0 to 100. */
  readonly percent: number;
  /** Why it cannot be started; empty where it can. */
  readonly why: string;
  start(): void;
  cancel(): void;
}
