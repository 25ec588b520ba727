import type { Definition } from '#shared/model/definition.ts';
import type { PastBoards, Replays } from '../domain/replay/player.ts';
import type { RecordedSource } from '../domain/replay/recorded.ts';
import { createPast } from './past.ts';
import { createReplay } from './replay.ts';
import type { Studio } from './studio.ts';

/** Each holds a whole board and some minutes of changes. */
const MOST_REPLAYS = 8;

export interface ReplayHouseDeps {
  readonly studio: Studio;
  readonly recorded: Pick<RecordedSource, 'feedStates' | 'stretches'>;
  readonly definition: Definition;
  /** Whether the product's clock, and so everything that was recorded, is simulated. */
  readonly simulated: boolean;
  readonly mostReplays?: number;
}

/** All looks at the past of one server: boards of one moment, and replays that run. */
export function createReplayHouse(deps: ReplayHouseDeps): { readonly past: PastBoards; readonly replays: Replays } {
  const { studio, recorded, definition, simulated, mostReplays = MOST_REPLAYS } = deps;
  let count = 0;
  let opened = 0;
  return {
    past: createPast(studio, recorded),
    replays: {
      get count() {
        return count;
      },
      open() {
        if (count >= mostReplays) return null;
        count += 1;
        return createReplay({ definition, simulated, studio, player: (opened += 1), onEnd: () => (count -= 1) });
      },
    },
  };
}
