import pg from 'pg';
import { describe, isConnectionLoss, StoreUnavailable } from './errors.ts';

const CONNECT_LIMIT_MS = 5000;
/** A table of a year, in or out on a slow disk; beyond that something hangs. */
const STATEMENT_LIMIT = '2h';
const LOCK_LIMIT = '15s';

/**
 * One connection for `work`, whose name others can see in the database's list of sessions. What is written and read as
 * text looks the same whatever the database is set to. Rejects with `StoreUnavailable` when the database is away.
 */
export async function withSession<T>(
  connectionString: string,
  name: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: name,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    keepAlive: true,
  });
  // Unheard, the loss of the line between two statements would end the process; the next statement tells it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `set statement_timeout = '${STATEMENT_LIMIT}'; set lock_timeout = '${LOCK_LIMIT}';
       set idle_in_transaction_session_timeout = '${STATEMENT_LIMIT}';
       set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set extra_float_digits = 1;
       set bytea_output = 'hex'; set client_encoding = 'UTF8'`,
    );
    return await work(client);
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    throw new StoreUnavailable(`The database does not answer: ${describe(error)}`, { cause: error });
  } finally {
    // In the middle of a copy it breaks the line off; the database then takes everything back by itself.
    await client.end();
  }
}
