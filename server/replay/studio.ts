import type { EpochMs } from '#shared/model/time.ts';
import type { View } from '#shared/protocol/live.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import type { Landing, Move, Shot, Step } from './answers.ts';
import { createLoader } from './load.ts';
import { createPlayer, type Player } from './player.ts';
import { sayBoardText, type BoardText } from './board-text.ts';

/**
 * Where the past is put together, and replays are played: everything is handed out as text in bytes, ready to be sent.
 * Whatever is asked for rejects as `Loader.at` does, and with code REPLAY_LOST where a player is not known (any more).
 */
export interface Studio {
  board(at: EpochMs, signal?: AbortSignal): Promise<BoardText>;
  /** Puts a player somewhere, a new one where there is none of this number. */
  go(player: number, at: EpochMs, signal?: AbortSignal): Promise<Landing>;
  /** On, as far as it is known; reads ahead for a replay of this speed. */
  move(player: number, to: Step): Promise<Move>;
  /** The board as the player has it, for a view; from then on `move` can tell that view what changes. Null: no such scope. */
  shoot(player: number, scope: string, view: View, partBytes: number): Promise<Shot | null>;
  end(player: number): void;
}

export class PlayerLost extends Error {
  readonly code = 'REPLAY_LOST';
}

/** A studio in this very thread. */
export function createStudio(source: RecordedSource, monotonic: () => number = () => performance.now()): Studio {
  const loader = createLoader(source);
  const players = new Map<number, Player>();
  const known = (number: number): Player => {
    const player = players.get(number);
    if (player === undefined) throw new PlayerLost(`there is no replay ${number}`);
    return player;
  };
  return {
    async board(at, signal) {
      return sayBoardText(await loader.at(at, signal), signal);
    },
    async go(number, at, signal) {
      const past = await loader.at(at, signal);
      signal?.throwIfAborted();
      const player = players.get(number) ?? createPlayer({ loader, monotonic });
      players.set(number, player);
      return player.put(past);
    },
    move: async (number, step) => known(number).move(step),
    shoot: async (number, scope, view, partBytes) => known(number).shoot(scope, view, partBytes),
    end(number) {
      players.get(number)?.end();
      players.delete(number);
    },
  };
}
