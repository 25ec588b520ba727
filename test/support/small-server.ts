import { fileURLToPath } from 'node:url';
import type { AppDeps } from '../../server/app.ts';
import type { BoardView } from '../../server/domain/ports.ts';
import { startServer, type RunningServer } from './server.ts';

/** The built pages over a board that a measurement writes itself, outside of any test: whoever starts it closes it. */
export function serveBoard(board: BoardView, given: Partial<AppDeps> = {}): Promise<RunningServer> {
  const webFolder = fileURLToPath(new URL('../../web/build', import.meta.url));
  return startServer(board, { webFolder, ...given }, () => undefined);
}
