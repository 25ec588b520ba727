import { FaultyProblem } from './faulty.ts';

export type RulesProblemCode =
  /** Something else is in force than what the request was based on. */
  | 'RULES_MOVED_ON'
  | 'RULES_FAULTY'
  /** They say what is in force already. */
  | 'RULES_UNCHANGED'
  | 'UNKNOWN_RULES'
  /** Published, but the board could not go over to them yet. */
  | 'RULES_NOT_YET_IN_FORCE'
  | 'DRAFT_MOVED_ON'
  | 'UNKNOWN_DRAFT'
  | 'TOO_MANY_DRAFTS';

/** Why rules could not be published, taken back, shown or kept as a draft; in words for whoever asked. */
export class RulesProblem extends FaultyProblem<RulesProblemCode> {}
