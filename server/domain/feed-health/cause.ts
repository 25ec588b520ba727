import type { FeedFamily } from '#shared/model/feed-metrics.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { FeedStatus } from '#shared/model/unit.ts';
import type { Subject } from './cause-words.ts';
import type { Hidden } from './hidden.ts';
import type { MarkedPair, Trouble } from './marks.ts';

/** One cause before it has its letter. */
export interface Cause {
  readonly key: string;
  readonly trouble: Trouble;
  readonly family: FeedFamily;
  readonly supplier: string;
  readonly subject: Subject;
  readonly pairs: readonly MarkedPair[];
  readonly statuses: readonly FeedStatus[];
  readonly since: EpochMs | null;
  readonly hidden: Hidden;
  /** Marks of this supplier and family in all. */
  readonly of: number;
}
