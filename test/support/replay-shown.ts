import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import type { Replay } from '../../server/domain/replay/player.ts';

/** The whole board as a replay of the small system shows it to whoever subscribes to it now. */
export async function boardShown(replay: Replay): Promise<{ units: Unit[]; feeds: FeedStatus[] }> {
  const snapshot = await replay.view('small', 'full').snapshot(Infinity);
  const part = snapshot?.parts[0];
  if (part === undefined) throw new Error('the replay has no such board');
  return {
    units: JSON.parse(`[${part.units}]`) as Unit[],
    feeds: JSON.parse(`[${part.feeds}]`) as FeedStatus[],
  };
}

export const unitsShown = async (replay: Replay | undefined): Promise<Unit[]> =>
  replay === undefined ? [] : (await boardShown(replay)).units;

/** Callers that wait at the practice whose figure counts its revisions. */
export const valueShown = async (replay: Replay): Promise<number | null | undefined> =>
  (await unitsShown(replay)).find(({ id }) => id === 'P1')?.metrics['calls.waiting']?.value;
