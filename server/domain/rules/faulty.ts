import type { RulesFault } from '#shared/protocol/rules.ts';

/** Why something about rules was not done, in words for whoever asked; with their faults where that is why. */
export class FaultyProblem<Code extends string> extends Error {
  readonly code: Code;
  readonly faults: readonly RulesFault[];
  constructor(code: Code, message: string, faults: readonly RulesFault[] = []) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.faults = faults;
  }
}
