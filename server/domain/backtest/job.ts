import type { Definition } from '#shared/model/definition.ts';
import type { Rules } from '#shared/model/rules.ts';
import type { EpochMs } from '#shared/model/time.ts';

/** What is to be tried, against what, over which stretch. */
export interface BacktestJob {
  readonly definition: Definition;
  readonly tried: Rules;
  readonly against: Rules;
  /** `<version>/<hash>` of `against`, as recorded level changes name it. */
  readonly againstName: string;
  /** Whole minutes. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}
