import type { RedirectionState, Refusal } from '#shared/model/redirection-words.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { RedirectionFacts } from '../domain/redirection/facts.ts';
import type { KeptRedirection, RedirectionHistory } from '../domain/redirection/ports.ts';
import type { Database, Query } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import { RUN } from './run.ts';
import { lockRun } from './rules-queries.ts';

interface Scope {
  readonly database: Database;
  readonly system: string;
  readonly run: string;
}

/** PostgreSQL has no place for a null character, not even in JSON; nobody misses it. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1');

const readSteps = ({ system, run }: Scope, ids: readonly string[]): Query => ({
  name: 'read-redirection-steps',
  text: `select redirection as id, steps from redirection where run_id = ${RUN} and redirection = any ($3::text[])`,
  values: [system, run, ids],
});

const COUNTS =
  'accepted, held, lapsed, refused, refusal, booked, returned, minutes, remote, urgent, practices, effects';

/** `$2`: an array of facts with their events. Of one that is there with more steps nothing is changed. */
const upsert = (runId: number, rows: readonly KeptRedirection[]): Query => ({
  name: 'keep-redirections',
  text: `insert into redirection (run_id, redirection, steps, state, unit, hub, own, proposed_at, decided_at, ended_at,
           offered, ${COUNTS}, not_attended, in_person, km_sum, km_of, events)
         select $1, id, steps, state, unit, hub, own, to_timestamp("proposedAt" / 1000), to_timestamp("decidedAt" / 1000),
           to_timestamp("endedAt" / 1000), offered, ${COUNTS}, absent, "inPerson", "kmSum", "kmOf", events
         from jsonb_to_recordset($2::jsonb) as row (
           id text, steps integer, state text, unit text, hub text, own boolean, "proposedAt" float8, "decidedAt" float8,
           "endedAt" float8, offered integer, accepted integer, held integer, lapsed integer, refused integer, refusal text,
           booked integer, returned integer, absent integer, minutes float8, remote integer, "inPerson" integer,
           "kmSum" float8, "kmOf" integer, urgent integer, practices jsonb, effects jsonb, events jsonb)
         on conflict (run_id, redirection) do update set
           steps = excluded.steps, state = excluded.state, unit = excluded.unit, hub = excluded.hub,
           decided_at = excluded.decided_at, ended_at = excluded.ended_at, offered = excluded.offered,
           accepted = excluded.accepted, held = excluded.held, lapsed = excluded.lapsed, refused = excluded.refused,
           refusal = excluded.refusal, booked = excluded.booked, returned = excluded.returned,
           not_attended = excluded.not_attended, minutes = excluded.minutes, remote = excluded.remote,
           in_person = excluded.in_person, km_sum = excluded.km_sum, km_of = excluded.km_of, urgent = excluded.urgent,
           practices = excluded.practices, effects = excluded.effects, events = excluded.events, stored_at = now()
         where redirection.steps <= excluded.steps`,
  values: [runId, json(rows.map(({ facts, events }) => ({ ...facts, events })))],
});

/** Those decisions that are not there yet. Only one writes at a time: the run is locked. */
const addDecisions = (runId: number, rows: readonly KeptRedirection[]): Query => ({
  name: 'add-redirection-decisions',
  text: `insert into audit (run_id, at, actor, role, action, subject, detail)
         select $1, to_timestamp(at / 1000), by, 'local-operator', action, subject, detail
         from jsonb_to_recordset($2::jsonb) as row (at float8, by text, action text, subject text, detail jsonb)
         where not exists (select from audit known
           where known.run_id = $1 and known.subject = row.subject and known.at = to_timestamp(row.at / 1000)
             and known.action = row.action and known.actor = row.by
             and known.detail ->> 'key' is not distinct from row.detail ->> 'key')
         order by at`,
  values: [runId, json(rows.flatMap(({ decisions }) => decisions))],
});

type Row = Omit<RedirectionFacts, 'state' | 'refusal'> & { readonly state: string; readonly refusal: string | null };

const readProposed = ({ system, run }: Scope, from: EpochMs, to: EpochMs): Query => ({
  name: 'read-redirections-proposed',
  text: `select redirection as id, steps, state, unit, hub, own, offered, ${COUNTS}, not_attended as absent,
           (extract(epoch from proposed_at) * 1000)::float8 as "proposedAt",
           (extract(epoch from decided_at) * 1000)::float8 as "decidedAt",
           (extract(epoch from ended_at) * 1000)::float8 as "endedAt",
           in_person as "inPerson", km_sum as "kmSum", km_of as "kmOf"
         from redirection where run_id = ${RUN}
           and proposed_at >= to_timestamp($3::float8 / 1000) and proposed_at < to_timestamp($4::float8 / 1000)
         order by proposed_at, redirection`,
  values: [system, run, from, to],
});

/** Redirections of one run in Postgres; `why` says why it cannot be asked, null when it can. */
export function createRedirectionHistory(scope: Scope | null, why: () => string | null): RedirectionHistory {
  const ask = async <T>(question: (scope: Scope) => Promise<T>): Promise<T> => {
    const reason = why();
    if (scope === null || reason !== null) throw new StoreUnavailable(reason ?? 'There is no database.');
    return question(scope);
  };
  return {
    steps: (ids) =>
      ask(async (there) => {
        const rows = await there.database.query<{ id: string; steps: number }>(readSteps(there, ids));
        return new Map(rows.map(({ id, steps }) => [id, steps]));
      }),
    keep: (rows) =>
      ask(({ database, system, run }) =>
        database.transaction(async (inside) => {
          const [locked] = await inside.query<{ id: number }>(lockRun(system, run));
          if (locked === undefined) throw new StoreUnavailable('The database does not know this run yet.');
          await inside.query(upsert(locked.id, rows));
          await inside.query(addDecisions(locked.id, rows));
        }),
      ),
    proposed: (from, to) =>
      ask(async (there) => {
        const rows = await there.database.query<Row>(readProposed(there, from, to));
        // Written by `keep` alone, in the domain's own words.
        return rows.map((row) => ({
          ...row,
          state: row.state as RedirectionState,
          refusal: row.refusal as Refusal | null,
        }));
      }),
  };
}
