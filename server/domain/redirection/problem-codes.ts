export type RedirectionProblemCode =
  | 'UNKNOWN_REDIRECTION'
  /** Something else is true of it than what the decision was based on. */
  | 'REDIRECTION_MOVED_ON'
  /** It is not in a state in which that can be done. */
  | 'NOT_POSSIBLE_NOW'
  /** Fewer slots are left than were asked for. */
  | 'SLOTS_GONE'
  | 'UNDO_OVER'
  /** The hub has no such practice, or a share is not of this offer. */
  | 'BAD_SHARES'
  /** A change of a what-if cannot be: which one, and why. */
  | 'BAD_CHANGE'
  /** Too many what-ifs at once. */
  | 'TOO_MANY_QUESTIONS'
  /** It cannot be written down now: nothing was decided. */
  | 'NOT_KEPT';

/** Why a decision could not be taken, in words for whoever asked. `available`: slots that are left. */
export class RedirectionProblem extends Error {
  readonly code: RedirectionProblemCode;
  readonly available: number | null;

  constructor(code: RedirectionProblemCode, message: string, available: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.available = available;
  }
}
