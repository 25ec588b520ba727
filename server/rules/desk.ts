import type { Rules } from '#shared/model/rules.ts';
import { toInstant } from '#shared/model/time.ts';
import type { RulesVersion } from '#shared/protocol/rules.ts';
import { codeOf } from '../domain/error-code.ts';
import type { Actor, Clock } from '../domain/ports.ts';
import { rulesChanges } from '../domain/rules/changes.ts';
import { checkRules } from '../domain/rules/check.ts';
import { contentText } from '../domain/rules/content.ts';
import type { Publication, RulesDesk, RulesStore } from '../domain/rules/ports.ts';
import { RulesProblem } from '../domain/rules/problem.ts';
import { toPointer } from '../domain/schema-faults.ts';
import { draftOf, versionOf } from './answers.ts';
import type { RulesBoard, RulesKeeper } from './keeper.ts';

/** So many versions are listed. */
const LISTED = 200;
/** Real ms in which the board goes over to new rules; it does so with its next tick. */
const ADOPTED_MS = 5000;

export interface DeskDeps {
  readonly board: RulesBoard;
  readonly keeper: RulesKeeper;
  readonly store: RulesStore;
  readonly idOf: (rules: Rules) => string;
  readonly clock: Clock;
  readonly adoptedMs?: number;
}

type About = Pick<Rules, 'version' | 'reason' | 'published' | 'by'>;
type Sent = { readonly id: string; readonly rules: unknown } | null;

/** Rules as they would be published: what they say is the sender's, which version they are is ours. */
const asPublished = (sent: unknown, about: About): unknown =>
  typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? { ...sent, ...about } : sent;

/** What people can do with rules: see, compare, keep drafts, publish, take back. */
export function createRulesDesk(deps: DeskDeps): RulesDesk {
  const { board, keeper, store, idOf, clock } = deps;
  const inForce = () => keeper.standing();
  const movedOn = (id: string) =>
    new RulesProblem('RULES_MOVED_ON', `Version ${id.split('/')[0] ?? ''} has come into force meanwhile`, [
      { path: '/basedOn', message: `${id} is in force` },
    ]);
  const about = (reason: string, actor: Actor): About => ({
    version: inForce().rules.version + 1,
    reason,
    published: toInstant(clock.now()),
    by: actor.id,
  });
  const check = (sent: unknown, given: About) => {
    const { rules, faults } = checkRules(asPublished(sent, given));
    return { rules, faults: faults.map(({ path, message }) => ({ path: toPointer(path), message })) };
  };
  /** What is in force as far as it is known without the database. */
  const known = (): RulesVersion => {
    const { id, rules, origin } = inForce();
    const unknown = { publishedAt: null, until: null, restores: null, levelChanges: null };
    return versionOf({ id, reason: rules.reason, by: rules.by, origin, current: true, ...unknown });
  };
  const find = async (id: string): Promise<{ version: RulesVersion; rules: Rules }> => {
    const found = await store.version(id);
    const rules = found && checkRules(found.rules).rules;
    if (!found || !rules) throw new RulesProblem('UNKNOWN_RULES', 'No version of the rules is kept under that id');
    return { version: versionOf(found.record), rules };
  };

  async function bring(standing: Publication, next: Publication, actor: Actor, draft: Sent): Promise<RulesVersion> {
    const adopted = awaitRules(board, (rules) => idOf(rules) === next.id, deps.adoptedMs ?? ADOPTED_MS);
    try {
      const instead = await store.publish(standing, next, actor, draft);
      if (instead !== null) {
        // Somebody was faster; should it be on record only, it comes into force now.
        void keeper.settle();
        throw movedOn(instead);
      }
      keeper.adopt(next.rules);
      await adopted.done;
    } catch (error) {
      // Whether a lost answer was a yes is seen once the database is there again.
      if (!(error instanceof RulesProblem)) void keeper.settle();
      throw error;
    } finally {
      adopted.leave();
    }
    const { id, rules, origin, restores, at } = next;
    const since = { publishedAt: at, until: null, current: true, levelChanges: null };
    return versionOf({ id, reason: rules.reason, by: rules.by, origin, restores, ...since });
  }

  async function publish(
    sent: unknown,
    ask: { readonly reason: string; readonly basedOn: string },
    actor: Actor,
    more: { readonly restores: string | null; readonly draft: Sent },
  ): Promise<RulesVersion> {
    const standing = inForce();
    if (ask.basedOn !== standing.id) throw movedOn(standing.id);
    const { rules, faults } = check(sent, about(ask.reason, actor));
    if (rules === null || faults.length > 0) {
      const count = `${faults.length} fault${faults.length === 1 ? '' : 's'}`;
      throw new RulesProblem('RULES_FAULTY', `The rules have ${count}: nothing was published`, faults);
    }
    if (contentText(rules) === contentText(standing.rules)) {
      throw new RulesProblem('RULES_UNCHANGED', 'They say what is in force already: nothing was published');
    }
    const origin = more.restores === null ? 'published' : 'rolled-back';
    const next: Publication = { id: idOf(rules), rules, origin, restores: more.restores, at: clock.now() };
    return bring(standing, next, actor, more.draft);
  }

  return {
    async book() {
      const { rules } = inForce();
      try {
        const records = await store.versions(LISTED);
        const versions = records.map(versionOf);
        const current = versions.find(({ current: now, id }) => now && id === inForce().id);
        if (current) return { current, rules, versions, complete: true };
        return { current: known(), rules, versions: [known(), ...versions], complete: false };
      } catch (error) {
        if (codeOf(error) !== 'STORE_UNAVAILABLE') throw error;
        return { current: known(), rules, versions: [known()], complete: false };
      }
    },
    async version(id, against) {
      const { version, rules } = await find(id);
      const other = against === null ? inForce().rules : (await find(against)).rules;
      return { version, rules, changes: rulesChanges(other, rules) };
    },
    check(sent) {
      const { rules: standing } = inForce();
      const { version, reason, published, by } = standing;
      const { rules, faults } = check(sent, { version, reason, published, by });
      return { faults, changes: rules === null ? [] : rulesChanges(standing, rules) };
    },
    publish: ({ rules, draft, ...ask }, actor) =>
      publish(rules, ask, actor, { restores: null, draft: draft === undefined ? null : { id: draft, rules } }),
    async rollBack({ to, ...ask }, actor) {
      const { rules } = await find(to);
      return publish(rules, ask, actor, { restores: to, draft: null });
    },
    drafts: async () => (await store.drafts()).map(draftOf),
    async saveDraft(id, draft, actor) {
      const record = { ...draft, id, savedAt: clock.now(), by: actor.id };
      refuse(await store.saveDraft(record));
      return draftOf({ ...record, revision: draft.revision + 1 });
    },
    async removeDraft(id, revision) {
      refuse(await store.removeDraft(id, revision));
    },
  };
}

function refuse(outcome: Awaited<ReturnType<RulesStore['saveDraft']>>): void {
  switch (outcome) {
    case 'done':
      return;
    case 'moved-on':
      throw new RulesProblem('DRAFT_MOVED_ON', 'Somebody else has saved this draft since it was opened');
    case 'unknown':
      throw new RulesProblem('UNKNOWN_DRAFT', 'No draft is kept under that id; it may have been published or removed');
    case 'too-many':
      throw new RulesProblem('TOO_MANY_DRAFTS', 'As many drafts are kept as there may be: remove one first');
  }
}

/** Listens from now on for the commit that brings these rules; `done` rejects when it has not come in time. */
function awaitRules(board: RulesBoard, wanted: (rules: Rules) => boolean, limitMs: number) {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  // Nobody waits for it where the publication itself fails.
  promise.catch(() => undefined);
  const stop = board.onCommit(({ rules }) => {
    if (rules && wanted(rules)) resolve(undefined);
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    get done() {
      timer ??= setTimeout(() => {
        const text = 'The rules are published, but the board has not gone over to them yet';
        reject(new RulesProblem('RULES_NOT_YET_IN_FORCE', text));
      }, limitMs);
      return promise;
    },
    leave() {
      stop();
      clearTimeout(timer);
    },
  };
}
