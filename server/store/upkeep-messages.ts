import type { EpochMs } from '#shared/model/time.ts';
import type { UpkeepReport } from './upkeep.ts';

/** What the thread that keeps the history is told when it is made. */
export interface UpkeepSetting {
  readonly connectionString: string;
  readonly system: string;
  readonly run: string;
  readonly retentionMs: number;
}

/** `look`: see what is due; while one look is under way the next are left out. */
export type ToUpkeep = { readonly type: 'look'; readonly now: EpochMs } | { readonly type: 'stop' };

export type FromUpkeep =
  | ({ readonly type: 'done'; readonly ms: number } & UpkeepReport)
  | { readonly type: 'trouble'; readonly reason: string };
