import type { EpochMs } from '#shared/model/time.ts';
import type { DraftRecord, Publication, RulesRecord } from '../domain/rules/ports.ts';
import type { Query } from './database.ts';

/** Of one run: publications wait for one another here; the run's other writers do not. */
export const lockRun = (system: string, run: string): Query => ({
  name: 'lock-run-for-rules',
  text: 'select run_id as id from run where system = $1 and code = $2 for no key update',
  values: [system, run],
});

export interface InForceRow {
  readonly id: string;
  readonly version: number;
  readonly rules: unknown;
}

export const readInForce = (runId: number): Query => ({
  name: 'read-rules-in-force',
  text: `select p.version || '/' || r.hash as id, p.version, p.body as rules
         from rules_publication p join rules_version r using (rules_id)
         where p.run_id = $1 and p.valid_to = 'infinity'`,
  values: [runId],
});

/** The row of a version, made or described. */
export const keepVersion = (system: string, { id, rules }: Publication): Query => ({
  name: 'keep-rules-version',
  text: `insert into rules_version (system, version, hash, reason, body) values ($1, $2, $3, $4, $5::jsonb)
         on conflict (system, version, hash)
           do update set reason = case when rules_version.body is null then excluded.reason else rules_version.reason end,
                         body = coalesce(rules_version.body, excluded.body)
         returning rules_id as id`,
  values: [system, rules.version, id.split('/')[1], rules.reason, JSON.stringify(rules)],
});

/** Nothing came before nothing: `at` is not let before the beginning of what it ends. */
export const endInForce = (runId: number, at: EpochMs): Query => ({
  name: 'end-rules-in-force',
  text: `update rules_publication set valid_to = greatest(to_timestamp($2::float8 / 1000), valid_from), replaced_at = now()
         where run_id = $1 and valid_to = 'infinity'`,
  values: [runId, at],
});

export const addPublication = (system: string, runId: number, rulesId: number, next: Publication): Query => ({
  name: 'add-rules-publication',
  text: `insert into rules_publication (run_id, version, rules_id, reason, published_by, origin, restores_id, body, valid_from)
         values ($1, $2, $3, $4, $5, $6,
                 (select rules_id from rules_version
                  where system = $7 and version || '/' || hash = $8::text),
                 $9::jsonb, to_timestamp($10::float8 / 1000))`,
  values: [
    runId,
    next.rules.version,
    rulesId,
    next.rules.reason,
    next.rules.by,
    next.origin,
    system,
    next.restores,
    JSON.stringify(next.rules),
    next.at,
  ],
});

/** The versions that were published in this run, and those that only level changes name. */
const RECORDS = `
  with mine as (select run_id from run where system = $1 and code = $2),
  known as (
    select p.version, p.rules_id, p.reason, p.published_by as "by", p.valid_from, p.valid_to, p.origin, p.restores_id, p.body
    from rules_publication p join mine using (run_id)
    union all
    select r.version, r.rules_id, r.reason, '', null, null, 'file', null, r.body
    from rules_use u join mine using (run_id) join rules_version r using (rules_id)
    where not exists (select from rules_publication p where p.run_id = u.run_id and p.rules_id = u.rules_id)
  ),
  told as (
    select known.version || '/' || r.hash as id, known.version, known.reason, known."by",
           (extract(epoch from valid_from) * 1000)::float8 as "publishedAt",
           case when valid_to < 'infinity' then (extract(epoch from valid_to) * 1000)::float8 end as until,
           known.origin, restored.version || '/' || restored.hash as restores,
           coalesce(valid_to = 'infinity', false) as current, coalesce(u.changes, 0) as "levelChanges",
           known.body
    from known join rules_version r using (rules_id)
         left join rules_version restored on restored.rules_id = known.restores_id
         left join rules_use u on u.rules_id = known.rules_id and u.run_id = (select run_id from mine)
  )`;
const RECORD = `id, reason, "by", "publishedAt", until, origin, restores, current, "levelChanges"`;

export const readVersions = (system: string, run: string, limit: number): Query => ({
  name: 'read-rules-versions',
  text: `${RECORDS} select ${RECORD} from told order by version desc, "publishedAt" desc nulls last, id limit $3`,
  values: [system, run, limit],
});

export type VersionRow = RulesRecord & { readonly body: unknown };

export const readVersion = (system: string, run: string, id: string): Query => ({
  name: 'read-rules-version',
  text: `${RECORDS} select ${RECORD}, body from told where id = $3`,
  values: [system, run, id],
});

export const readDrafts = (system: string): Query => ({
  name: 'read-rules-drafts',
  text: `select code as id, name, rules, based_on as "basedOn", revision,
                (extract(epoch from saved_at) * 1000)::float8 as "savedAt", saved_by as "by"
         from rules_draft where system = $1 order by saved_at desc, code`,
  values: [system],
});

/** Null rows: it is there already, or there are as many as there may be. */
export const addDraft = (system: string, draft: DraftRecord, most: number): Query => ({
  name: 'add-rules-draft',
  text: `insert into rules_draft (system, code, name, rules, based_on, revision, saved_by, saved_at)
         select $1, $2, $3, $4::json, $5, 1, $6, to_timestamp($7::float8 / 1000)
         where (select count(*) from rules_draft where system = $1) < $8
         on conflict (system, code) do nothing returning revision`,
  values: [system, draft.id, draft.name, JSON.stringify(draft.rules), draft.basedOn, draft.by, draft.savedAt, most],
});

export const changeDraft = (system: string, draft: DraftRecord): Query => ({
  name: 'change-rules-draft',
  text: `update rules_draft set name = $4, rules = $5::json, based_on = $6, revision = revision + 1, saved_by = $7,
                saved_at = to_timestamp($8::float8 / 1000), stored_at = now()
         where system = $1 and code = $2 and revision = $3 returning revision`,
  values: [
    system,
    draft.id,
    draft.revision,
    draft.name,
    JSON.stringify(draft.rules),
    draft.basedOn,
    draft.by,
    draft.savedAt,
  ],
});

export const removeDraft = (system: string, id: string, revision: number | null): Query => ({
  name: 'remove-rules-draft',
  text: 'delete from rules_draft where system = $1 and code = $2 and ($3::integer is null or revision = $3) returning revision',
  values: [system, id, revision],
});

/** Only while it still says what was published: what somebody has written since stays. */
export const removePublishedDraft = (system: string, id: string, rules: unknown): Query => ({
  name: 'remove-published-rules-draft',
  text: 'delete from rules_draft where system = $1 and code = $2 and rules::text = $3',
  values: [system, id, JSON.stringify(rules)],
});

export const findDraft = (system: string, id: string): Query => ({
  name: 'find-rules-draft',
  text: 'select revision from rules_draft where system = $1 and code = $2',
  values: [system, id],
});
