import { pino } from 'pino';
import { connectDatabase, type Database } from './database.ts';

const ONE = { connections: 1, statementLimitMs: 60_000 };

/** Connections of a thread that reads or keeps the history; what goes wrong is told to the thread that logs. */
export const connectThread = (connectionString: string, limits = ONE): Database =>
  connectDatabase({ connectionString, ...limits, logger: pino({ level: 'silent' }) });
