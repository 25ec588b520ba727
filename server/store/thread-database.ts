import { pino } from 'pino';
import { connectDatabase, type Database } from './database.ts';

/** One connection for a thread that reads or keeps the history; what goes wrong is told to the thread that logs. */
export const connectThread = (connectionString: string): Database =>
  connectDatabase({ connectionString, connections: 1, statementLimitMs: 60_000, logger: pino({ level: 'silent' }) });
