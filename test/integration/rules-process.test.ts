import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import type { SystemInfo } from '#shared/protocol/api.ts';
import type { RulesBook, RulesVersion } from '#shared/protocol/rules.ts';
import { checkRules } from '../../server/domain/rules/check.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { connectDatabase } from '../../server/store/database.ts';
import { createRulesStore } from '../../server/store/rules.ts';
import { withDatabase } from '../support/database.ts';
import { startingRules } from '../support/definition.ts';
import { launch, ready } from '../support/server-process.ts';
import { ask, silent } from '../support/store-fixture.ts';
import { stubTelephony, tinySystem } from '../support/tiny-system.ts';
import { until } from '../support/until.ts';

const database = withDatabase();

const get = async <T>(url: string, path: string) => (await (await request(`${url}${path}`)).body.json()) as T;
const publish = (url: string, basedOn: string, uplift: number) =>
  request(`${url}/api/rules/publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { ...startingRules(), uplift }, reason: `Uplift ${uplift}`, basedOn }),
  });

/** The version in force once board and database agree on it, by both their words. */
async function agreed(url: string): Promise<RulesVersion> {
  let book: RulesBook | null = null;
  await until(
    'board and database to agree',
    async () => {
      book = await get<RulesBook>(url, '/api/rules');
      // The board goes over with its next tick.
      const { rules } = await get<SystemInfo>(url, '/api/system');
      return book.complete && `${rules.version}/${rules.hash}` === book.current.id;
    },
    90_000,
  );
  const { current } = book as unknown as RulesBook;
  const stored = await ask<{ id: string }>(
    database.url,
    `select p.version || '/' || hash as id from rules_publication p join rules_version using (rules_id)
     where valid_to = 'infinity'`,
  );
  expect(stored).toEqual([{ id: current.id }]);
  return current;
}

/** What the server writes to the database before it goes over to new rules, and nothing after it. */
async function storeOnly(current: RulesVersion, uplift: number): Promise<string> {
  const pool = connectDatabase({
    ...{ connectionString: database.url, connections: 1, statementLimitMs: 5000, logger: silent },
  });
  onTestFinished(() => pool.end());
  const store = createRulesStore({ database: pool, system: 'tiny', run: 'live' });
  const body = (await store.version(current.id))?.rules;
  const { rules: standing } = checkRules(body);
  if (standing === null) throw new Error('no rules');
  const rules = { ...standing, version: current.version + 1, uplift, reason: 'Stored and never adopted' };
  const about = { origin: 'published', restores: null, at: Date.now() } as const;
  const next = { id: rulesId(rules), rules, ...about };
  expect(await store.publish({ id: current.id, rules: standing, ...about }, next, LOCAL_OPERATOR, null)).toBeNull();
  return next.id;
}

test('a server killed while it publishes comes back with rules on which board and database agree', async () => {
  const feed = await stubTelephony();
  const { system, data } = tinySystem();
  const env = { HEADROOM_SYSTEM: system, HEADROOM_DATA: data, DATABASE_URL: database.url, FEEDS_URL: feed.url };
  const first = launch(env);
  const firstUrl = await ready(first);
  const seed = await agreed(firstUrl);

  // Killed somewhere on the way: it was published or it was not.
  const answer = publish(firstUrl, seed.id, 11).then(
    ({ statusCode }) => statusCode,
    () => 0,
  );
  let over = false;
  void answer.then(() => (over = true));
  // Under way, or so quick that it is over already.
  await until('the publication to be under way', async () => {
    const waits = `select 1 as n from pg_stat_activity where query like '%rules%' and application_name = 'headroom'`;
    return over || (await ask(database.url, waits)).length > 0;
  });
  first.child.kill('SIGKILL');
  const status = await answer;
  await first.ended;

  const second = launch(env);
  const secondUrl = await ready(second);
  const after = await agreed(secondUrl);
  expect([seed.version, seed.version + 1]).toContain(after.version);
  if (status === 200) expect(after.version).toBe(seed.version + 1);

  // Answered, and killed at once: it stands.
  const { statusCode, body } = await publish(secondUrl, after.id, 12);
  expect(statusCode).toBe(200);
  const answered = (await body.json()) as RulesVersion;
  second.child.kill('SIGKILL');
  await second.ended;

  // Killed between the database and the board.
  const stored = await storeOnly(answered, 13);
  const third = launch(env);
  const thirdUrl = await ready(third);
  await until('what was stored to come into force', async () => (await agreed(thirdUrl)).id === stored, 90_000);
  const { rules, versions } = await get<RulesBook>(thirdUrl, '/api/rules');
  expect(rules).toMatchObject({ uplift: 13, reason: 'Stored and never adopted' });
  const ours = versions.map(({ version }) => version).filter((version) => version >= seed.version);
  expect(ours).toEqual(ours.map((_, i) => answered.version + 1 - i));
  third.child.kill('SIGTERM');
  expect(await third.ended).toEqual({ code: 0, signal: null });
  expect(third.output()).not.toMatch(/shutdown\.(late|failed)/);
}, 240_000);

test('rules in force outlive the journal that a changed definition sets aside', async () => {
  const feed = await stubTelephony();
  const { system, data } = tinySystem();
  const env = { HEADROOM_SYSTEM: system, HEADROOM_DATA: data, DATABASE_URL: database.url, FEEDS_URL: feed.url };
  const first = launch(env);
  const firstUrl = await ready(first);
  const before = await agreed(firstUrl);
  const { statusCode } = await publish(firstUrl, before.id, 17);
  expect(statusCode).toBe(200);
  first.child.kill('SIGTERM');
  await first.ended;
  appendFileSync(join(system, 'sites.csv'), 'A00003,Third Practice,practice,north,500,53.47,-3,,,,,,2022-04-01,\n');
  const second = launch({ ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
  const url = await ready(second);
  expect((await get<RulesBook>(url, '/api/rules')).rules).toMatchObject({ version: before.version + 1, uplift: 17 });
}, 240_000);
