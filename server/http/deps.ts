import type { Rules } from '#shared/model/rules.ts';
import type {
  BoardView,
  Clock,
  Condition,
  FeedControl,
  HistoryReader,
  QuarantineView,
  SlotsView,
} from '../domain/ports.ts';
import type { BacktestDesk } from '../domain/backtest/ports.ts';
import type { RedirectionDesk, Scorecards } from '../domain/redirection/ports.ts';
import type { PastBoards } from '../domain/replay/player.ts';
import type { RulesDesk } from '../domain/rules/ports.ts';
import type { ScreensDesk } from '../identity/screens/desk.ts';
import type { Measure } from './measures.ts';
import type { LearnedCells, SeriesNormal } from './usual.ts';

/** What the routes read from; instances come from the composition root. */
export interface HttpDeps {
  readonly board: BoardView;
  /** The board's slots, one by one. */
  readonly slots: SlotsView;
  readonly history: HistoryReader;
  /** Boards of the past. */
  readonly past: PastBoards;
  readonly normal: SeriesNormal;
  /** What was learned for a day, for charts and the normal's own page. */
  readonly learned: LearnedCells;
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
  /** What people can do with rules. */
  readonly rules: RulesDesk;
  /** What people can do with redirections. */
  readonly redirections: RedirectionDesk;
  /** How redirections went, by week. */
  readonly scorecards: Scorecards;
  /** Rules tried on the past. */
  readonly backtests: BacktestDesk;
  /** Content hash of rules, as level changes name it. */
  readonly rulesHash: (rules: Rules) => string;
  /** Paired walls. */
  readonly screens: ScreensDesk;
  readonly build: string;
}
