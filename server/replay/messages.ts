import type { EpochMs } from '#shared/model/time.ts';
import type { View } from '#shared/protocol/live.ts';
import type { Stretch } from '../domain/replay/recorded.ts';
import type { BoardText } from './board-text.ts';
import type { Landing, Move, Shot, Step } from './answers.ts';

/** What the thread of the studio is told when it is made. */
export interface StudioSetting {
  readonly connectionString: string;
  readonly system: string;
  /** Code of the run whose recording is read. */
  readonly run: string;
}

export type Asked =
  | { readonly type: 'board'; readonly at: EpochMs }
  | { readonly type: 'go'; readonly player: number; readonly at: EpochMs }
  | { readonly type: 'move'; readonly player: number; readonly step: Step }
  | {
      readonly type: 'shoot';
      readonly player: number;
      readonly scope: string;
      readonly view: View;
      readonly partBytes: number;
    };

/** `cancel`: nobody waits for that answer any more. */
export type ToStudio =
  | { readonly type: 'ask'; readonly id: number; readonly asked: Asked }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'end'; readonly player: number }
  | { readonly type: 'stop' };

export type Answer = BoardText | Landing | Move | Shot | null;

/** Why there is no answer; the stretches are those on either side of a moment at which nothing was recorded. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly before?: Stretch | null;
  readonly after?: Stretch | null;
}

export type FromStudio =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'refusal'; readonly id: number; readonly refusal: Refusal };
