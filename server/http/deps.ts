import type { BoardView, Clock, Condition, FeedControl, HistoryReader, QuarantineView } from '../domain/ports.ts';
import type { Measure } from './measures.ts';
import type { SeriesNormal } from './usual.ts';

/** What the routes read from; instances come from the composition root. */
export interface HttpDeps {
  readonly board: BoardView;
  readonly history: HistoryReader;
  readonly normal: SeriesNormal;
  readonly clock: Clock;
  /** How well each part is, worst included. */
  readonly conditions: () => readonly Condition[];
  /** What each part counts, for /metrics. */
  readonly measures: () => readonly Measure[];
  /** What people may have the poller do. */
  readonly control: FeedControl;
  readonly quarantine: QuarantineView;
  /** How far suppliers' clocks are ahead of ours, in milliseconds; null while none can be compared. */
  readonly clockOffset: () => { readonly offMs: number; readonly suppliers: number } | null;
  /** Name of the demonstration's scenario; null without one. */
  readonly scenario: string | null;
  /** Content hash of the rules, as level changes name it. */
  readonly rulesHash: string;
  readonly build: string;
}
