import { SYSTEM_ACTOR, type Actor } from '../domain/ports.ts';
import type { DraftOutcome, DraftRecord, Publication, RulesStore } from '../domain/rules/ports.ts';
import { addAudit } from './audit.ts';
import type { Database, Queryable } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import {
  addDraft,
  addPublication,
  changeDraft,
  endInForce,
  findDraft,
  keepVersion,
  lockRun,
  readDrafts,
  readInForce,
  readVersion,
  readVersions,
  removeDraft,
  removePublishedDraft,
  type InForceRow,
  type VersionRow,
} from './rules-queries.ts';

const MOST_DRAFTS = 50;

interface Scope {
  readonly database: Database;
  readonly system: string;
  readonly run: string;
}

/** Versions of the rules and drafts of one run, in Postgres. */
export function createRulesStore(scope: Scope): RulesStore {
  const { database, system, run } = scope;
  return {
    versions: (limit) => database.query<VersionRow>(readVersions(system, run, limit)),
    async version(id) {
      const [row] = await database.query<VersionRow>(readVersion(system, run, id));
      if (row === undefined || row.body === null) return null;
      const { body, ...record } = row;
      return { record, rules: body };
    },
    settle: (standing) =>
      database.transaction(async (inside) => settle(scope, inside, await lock(scope, inside), standing)),
    publish: (standing, next, actor, draft) =>
      database.transaction(async (inside) => {
        const runId = await lock(scope, inside);
        const inForce = await settle(scope, inside, runId, standing);
        if (inForce.id !== standing.id) return inForce.id;
        await bring(scope, inside, runId, next, actor);
        if (draft !== null) await inside.query(removePublishedDraft(system, draft.id, draft.rules));
        return null;
      }),
    drafts: () => database.query<DraftRecord>(readDrafts(system)),
    saveDraft: (draft) => (draft.revision === 0 ? begin(scope, draft) : change(scope, draft)),
    async removeDraft(id, revision) {
      const rows = await database.query(removeDraft(system, id, revision));
      return rows.length > 0 ? 'done' : refusal(scope, id);
    },
  };
}

/** One publication of a run at a time. Gives the run's number. */
async function lock({ system, run }: Scope, inside: Queryable): Promise<number> {
  const [row] = await inside.query<{ id: number }>(lockRun(system, run));
  if (row === undefined) throw new StoreUnavailable('The database does not know this run yet.');
  return row.id;
}

async function settle(
  scope: Scope,
  inside: Queryable,
  runId: number,
  standing: Publication,
): Promise<{ id: string; rules: unknown }> {
  const [row] = await inside.query<InForceRow>(readInForce(runId));
  if (row !== undefined && row.version >= standing.rules.version) return row;
  await bring(scope, inside, runId, standing, SYSTEM_ACTOR);
  return standing;
}

/** Ends what is in force, begins `next`, and says so in the audit. */
async function bring(scope: Scope, inside: Queryable, runId: number, next: Publication, actor: Actor): Promise<void> {
  const { id: subject, rules, origin, restores, at } = next;
  const [version] = await inside.query<{ id: number }>(keepVersion(scope.system, next));
  if (version === undefined) throw new Error('The version of the rules could not be written.');
  await inside.query(endInForce(runId, at));
  await inside.query(addPublication(scope.system, runId, version.id, next));
  const action = origin === 'rolled-back' ? 'rules.rolled-back' : 'rules.published';
  const detail = { origin, reason: rules.reason, by: rules.by, ...(restores === null ? {} : { restores }) };
  await inside.query(addAudit(runId, { at, actor, action, subject, detail }));
}

async function begin({ database, system }: Scope, draft: DraftRecord): Promise<DraftOutcome> {
  const rows = await database.query(addDraft(system, draft, MOST_DRAFTS));
  if (rows.length > 0) return 'done';
  const there = await database.query(findDraft(system, draft.id));
  return there.length > 0 ? 'moved-on' : 'too-many';
}

async function change(scope: Scope, draft: DraftRecord): Promise<DraftOutcome> {
  const rows = await scope.database.query(changeDraft(scope.system, draft));
  return rows.length > 0 ? 'done' : refusal(scope, draft.id);
}

async function refusal({ database, system }: Scope, id: string): Promise<DraftOutcome> {
  const there = await database.query(findDraft(system, id));
  return there.length > 0 ? 'moved-on' : 'unknown';
}

/** While nothing can be asked, or there is nobody to ask. `why` gives the reason; null when it can be asked. */
export function guardedRules(store: RulesStore | null, why: () => string | null): RulesStore {
  const ask = <T>(question: (store: RulesStore) => Promise<T>): Promise<T> => {
    const reason = why();
    if (store === null || reason !== null)
      return Promise.reject(new StoreUnavailable(reason ?? 'There is no database.'));
    return question(store);
  };
  return {
    versions: (limit) => ask((there) => there.versions(limit)),
    version: (id) => ask((there) => there.version(id)),
    settle: (standing) => ask((there) => there.settle(standing)),
    publish: (standing, next, actor, draft) => ask((there) => there.publish(standing, next, actor, draft)),
    drafts: () => ask((there) => there.drafts()),
    saveDraft: (draft) => ask((there) => there.saveDraft(draft)),
    removeDraft: (id, revision) => ask((there) => there.removeDraft(id, revision)),
  };
}
