import type { BacktestDesk } from '../../server/domain/backtest/ports.ts';
import { StoreUnavailable } from '../../server/store/errors.ts';

/** The back-tests of a server whose database is away for good. */
export const noBacktests = (): BacktestDesk => ({
  start: () => Promise.reject(new StoreUnavailable('away')),
  list: () => [],
  get: () => null,
  cancel: () => null,
});
