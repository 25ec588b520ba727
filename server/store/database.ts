import pg from 'pg';
import type { Logger } from 'pino';
import { describe, isConnectionLoss, StoreUnavailable } from './errors.ts';

/** A statement with its name (the server prepares it once), its text and its values. */
export interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Something that answers queries: the pool, or one transaction of it. Rows come untyped; each aggregate checks or casts its own. */
export interface Queryable {
  query<Row>(query: Query): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Runs `work` in a transaction: whole, or not at all. */
  transaction<T>(work: (inside: Queryable) => Promise<T>): Promise<T>;
  /** Runs `work` over one unchanging view of the database, whatever is written meanwhile. Nothing can be written in it. */
  snapshot<T>(work: (inside: Queryable) => Promise<T>): Promise<T>;
  /** One connection of its own for `work`, for locks that belong to a session and for statements without parameters. */
  session<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** Signing in takes several turns of the event loop: where each is long, as in a demonstration that runs fast, a few seconds never suffice. */
const CONNECT_LIMIT_MS = 10_000;
const INT8 = 20;

/** Counts and sequence numbers fit a double by far; strings would only be turned into numbers one by one. */
function parserFor(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}

/**
 * A pool of connections. Every statement has a time-out, on the server and (for a line that is dead) here. Loss of the
 * database rejects with `StoreUnavailable`.
 */
export function connectDatabase(options: {
  readonly connectionString: string;
  readonly connections: number;
  readonly statementLimitMs: number;
  readonly logger: Logger;
}): Database {
  const { logger, statementLimitMs } = options;
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.connections,
    application_name: 'headroom',
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementLimitMs,
    query_timeout: statementLimitMs + 2000,
    idle_in_transaction_session_timeout: statementLimitMs * 2,
    keepAlive: true,
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
  });
  pool.on('error', (err) => {
    logger.debug({ type: 'store.connection-lost', err }, 'An idle database connection was lost.');
  });

  async function session<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    let broken: Error | undefined;
    try {
      const client = await pool.connect();
      // Between statements nobody else listens: unheard, the loss of the line would end the process.
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        return await work(client);
      } catch (error) {
        if (isConnectionLoss(error)) broken = error as Error;
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    } catch (error) {
      throw isConnectionLoss(error)
        ? new StoreUnavailable(`The database does not answer: ${describe(error)}`, { cause: error })
        : error;
    }
  }

  return {
    session,
    query: (query) => session((client) => ask(client, query)),
    transaction: (work) => session((client) => within(client, 'begin', work)),
    snapshot: (work) => session((client) => within(client, 'begin isolation level repeatable read read only', work)),
    end: () => pool.end(),
  };
}

async function within<T>(client: pg.ClientBase, begin: string, work: (inside: Queryable) => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await work({ query: (query) => ask(client, query) });
    await client.query('commit');
    return result;
  } catch (error) {
    if (!isConnectionLoss(error)) await client.query('rollback');
    throw error;
  }
}

async function ask<Row>(client: pg.ClientBase, query: Query): Promise<Row[]> {
  const { rows } = await client.query({ name: query.name, text: query.text, values: [...query.values] });
  return rows as Row[];
}
