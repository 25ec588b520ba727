import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import type { Rules } from '#shared/model/rules.ts';
import type { Problem } from '#shared/protocol/api.ts';
import type { RulesBody, RulesBook, RulesChecked, RulesDraft, RulesVersion } from '#shared/protocol/rules.ts';
import { createBoard } from '../../server/board/board.ts';
import { handClock, testDefinition, testRules } from '../../server/board/fixture.ts';
import { rulesId } from '../../server/board/rules-hash.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import { addLevelChanges } from '../../server/store/levels.ts';
import { createRules } from '../../server/rules/rules.ts';
import type { DiskJournal } from '../../server/store/journal.ts';
import { withDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';
import {
  ask,
  demonstrationRun,
  openTestJournal,
  silent,
  startStore,
  temporaryFolder,
} from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const database = withDatabase();
const MONDAY = '2026-11-23T09:00:00Z';
const shape = { places: 1, neighbourhoods: 1, practices: 2 };
let systems = 0;

interface HouseGiven {
  readonly file?: Rules;
  readonly journal?: DiskJournal;
  readonly system?: string;
  readonly url?: string;
  /** A board that dies before it can adopt anything. */
  readonly dead?: boolean;
}

/** Board, journal, database and rules as the server puts them together, and its routes. */
async function house(given: HouseGiven = {}) {
  const { file = testRules(), dead = false } = given;
  const system = given.system ?? `rules-${(systems += 1)}`;
  const journal = given.journal ?? (await openTestJournal());
  const definition = { ...testDefinition(shape, file), id: system };
  const clock = handClock(MONDAY);
  const { epoch, state, commits } = journal.recovered();
  const normal = { usual: () => null, label: 'none' };
  const board = createBoard({ definition, clock, normal, epoch, journal });
  expect(board.restore({ state, commits })).toBe(true);
  const run = demonstrationRun({ run: system, system });
  const store = startStore({ url: given.url ?? database.url, journal, definition, run, rulesId });
  const mortal = dead ? { definition: board.definition, onCommit: board.onCommit, adoptRules: () => undefined } : board;
  const adoptedMs = dead ? { adoptedMs: 50 } : {};
  const rules = createRules({
    ...{ board: mortal, store: store.rules, file, idOf: rulesId, clock, logger: silent },
    ...adoptedMs,
  });
  store.onReady(() => void rules.settle());
  rules.begin();
  board.start();
  const stop = () => {
    board.stop();
    rules.stop();
  };
  onTestFinished(stop);
  const server = await startServer(board, { rules: rules.desk, clock });
  const send = async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const answer = await request(`${server.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: (text === '' ? null : JSON.parse(text)) as T & Problem };
  };
  const settled = async () => {
    await until('board and database to agree', async () => (await rules.desk.book()).complete, 20_000);
    return (await rules.desk.book()).current.id;
  };
  return { board, journal, store, rules, desk: rules.desk, server, send, settled, system, clock, stop };
}

const changed = (change: Partial<Rules> = { levels: [20, 62, 86] }) => testRules(change);

test('rules are published: on record with reason, author and audit, in force when the answer comes', async () => {
  const { send, settled, board, system, server } = await house();
  const basedOn = await settled();
  expect(basedOn).toBe(rulesId(testRules()));
  const { status, body } = await send<RulesVersion>('POST', '/api/rules/publish', {
    ...{ rules: changed(), reason: ' Level 2 comes sooner ', basedOn },
  });
  expect([status, body.version, body.reason, body.by, body.origin]).toEqual([
    ...[200, 2, 'Level 2 comes sooner', LOCAL_OPERATOR.id, 'published'],
  ]);
  expect(board.definition.rules).toMatchObject({ version: 2, reason: 'Level 2 comes sooner', levels: [20, 62, 86] });
  const book = (await send<RulesBook>('GET', '/api/rules')).body;
  expect(book.complete).toBe(true);
  expect(book.rules).toEqual(board.definition.rules);
  expect(book.versions.map(({ version, current, origin }) => [version, current, origin])).toEqual([
    [2, true, 'published'],
    [1, false, 'file'],
  ]);
  expect(book.versions[1]?.until).toBe(book.versions[0]?.publishedAt);
  const audit = await ask(
    database.url,
    `select actor, action, subject, detail->>'reason' as reason from audit join run using (run_id)
     where run.code = $1 and action like 'rules.%' order by audit_id`,
    [system],
  );
  expect(audit).toEqual([
    { actor: 'system', action: 'rules.published', subject: basedOn, reason: 'Tests' },
    { actor: LOCAL_OPERATOR.id, action: 'rules.published', subject: body.id, reason: 'Level 2 comes sooner' },
  ]);
  expect(server.audit.filter(({ step }) => step === 'asked').map(({ command }) => command)).toEqual([
    'POST /api/rules/publish',
  ]);
});

test('a version is shown whole, with what it changes against another', async () => {
  const { send, settled } = await house();
  const first = await settled();
  const { body } = await send<RulesVersion>('POST', '/api/rules/publish', {
    ...{ rules: changed(), reason: 'Sooner', basedOn: first },
  });
  const path = (id: string) => `/api/rules/versions/${id.replace('/', '-')}`;
  const old = (await send<RulesBody>('GET', path(first))).body;
  expect(old.rules.levels).toEqual([40, 62, 86]);
  expect(old.changes.map(({ text }) => text)).toEqual(['Level 2 starts at 20 → 40']);
  const now = (await send<RulesBody>('GET', `${path(body.id)}?against=${first.replace('/', '-')}`)).body;
  expect(now.changes.map(({ text }) => text)).toEqual(['Level 2 starts at 40 → 20']);
  expect(await send('GET', path('7/cafe'))).toMatchObject({ status: 404, body: { code: 'UNKNOWN_RULES' } });
  expect(await send('GET', path('seven'))).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
});

test('rolling back publishes what was, as a new version of the same content', async () => {
  const { send, settled, board } = await house();
  const first = await settled();
  const second = (
    await send<RulesVersion>('POST', '/api/rules/publish', { rules: changed(), reason: 'Sooner', basedOn: first })
  ).body.id;
  const { status, body } = await send<RulesVersion>('POST', '/api/rules/roll-back', {
    ...{ to: first, reason: 'Too soon', basedOn: second },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ version: 3, origin: 'rolled-back', restores: first, hash: first.split('/')[1] });
  expect(board.definition.rules).toMatchObject({ version: 3, reason: 'Too soon', levels: [40, 62, 86] });
  const again = { to: first, reason: 'Once more', basedOn: body.id };
  expect(await send('POST', '/api/rules/roll-back', again)).toMatchObject({
    ...{ status: 409, body: { code: 'RULES_UNCHANGED' } },
  });
  expect(await send('POST', '/api/rules/roll-back', { ...again, to: '9/cafe' })).toMatchObject({
    ...{ status: 404, body: { code: 'UNKNOWN_RULES' } },
  });
});

test('what is faulty, unchanged, without a reason or based on something else is refused, and nothing is done', async () => {
  const { send, settled, board } = await house();
  const basedOn = await settled();
  const publish = (body: object) =>
    send('POST', '/api/rules/publish', { rules: changed(), reason: 'Why', basedOn, ...body });
  const seq = board.seq;
  expect(await publish({ rules: changed({ levels: [3, 2, 1] }) })).toMatchObject({
    ...{ status: 422, body: { code: 'RULES_FAULTY', errors: [{ path: '/levels' }] } },
  });
  expect(await publish({ rules: 'all of them' })).toMatchObject({ status: 422, body: { code: 'RULES_FAULTY' } });
  expect(await publish({ reason: 'a\0b\u0007' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: '/reason' }] },
  });
  expect(await publish({ rules: testRules() })).toMatchObject({ status: 409, body: { code: 'RULES_UNCHANGED' } });
  expect(await publish({ reason: '   ' })).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
  expect(await publish({ reason: 'no' })).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
  expect(await publish({ basedOn: '7/cafe' })).toMatchObject({
    ...{ status: 409, body: { code: 'RULES_MOVED_ON', errors: [{ message: `${basedOn} is in force` }] } },
  });
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
  expect(await publish({ rules: deep })).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
  expect(await publish({ rules: { padding: 'x'.repeat(300_000) } })).toMatchObject({ status: 413 });
  expect(board.definition.rules.version).toBe(1);
  expect(board.seq).toBe(seq);
  expect((await send<RulesBook>('GET', '/api/rules')).body.versions).toHaveLength(1);
});

test('of many publications at once exactly one comes into force', async () => {
  const { desk, settled, board } = await house();
  const basedOn = await settled();
  const asks = Array.from({ length: 8 }, (_, i) =>
    desk.publish({ rules: changed({ uplift: i }), reason: `Try ${i}`, basedOn }, LOCAL_OPERATOR),
  );
  const outcomes = await Promise.allSettled(asks);
  const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(won).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'RULES_MOVED_ON' });
  }
  expect(rulesId(board.definition.rules)).toBe(won[0]?.id);
  expect((await desk.book()).versions.map(({ version }) => version)).toEqual([2, 1]);
});

test('a check says what is wrong and what would change, and leaves no trace', async () => {
  const { send, server } = await house();
  const check = async (rules: unknown) => (await send<RulesChecked>('POST', '/api/rules/check', { rules })).body;
  expect(await check(testRules())).toEqual({ faults: [], changes: [] });
  expect((await check(changed())).changes.map(({ path }) => path)).toEqual(['/levels/0']);
  expect((await check({ ...changed(), uplift: 400 })).faults).toEqual([
    { path: '/uplift', message: 'uplift must be <= 100' },
  ]);
  const { levels, minimumCoverage, hysteresis, uplift, indicators, escalators } = testRules();
  expect(await check({ levels, minimumCoverage, hysteresis, uplift, indicators, escalators })).toEqual({
    ...{ faults: [], changes: [] },
  });
  expect(server.audit).toEqual([]);
});

test('drafts are kept as they were written, saved over what was seen only, and go when they are published', async () => {
  const { send, settled } = await house();
  const basedOn = await settled();
  const path = '/api/rules/drafts/one';
  const draft = { name: 'Winter', rules: { half: ['done', 'a\0b'] } as unknown, basedOn, revision: 0 };
  expect((await send<RulesDraft>('PUT', path, draft)).body).toMatchObject({ id: 'one', revision: 1, name: 'Winter' });
  expect(await send('PUT', path, draft)).toMatchObject({ status: 409, body: { code: 'DRAFT_MOVED_ON' } });
  expect((await send<RulesDraft>('PUT', path, { ...draft, rules: changed(), revision: 1 })).body.revision).toBe(2);
  expect(await send('PUT', path, { ...draft, revision: 1 })).toMatchObject({ body: { code: 'DRAFT_MOVED_ON' } });
  expect(await send('PUT', '/api/rules/drafts/two', { ...draft, revision: 4 })).toMatchObject({
    ...{ status: 404, body: { code: 'UNKNOWN_DRAFT' } },
  });
  await send('PUT', '/api/rules/drafts/two', draft);
  const listed = (await send<{ drafts: RulesDraft[] }>('GET', '/api/rules/drafts')).body.drafts;
  expect(listed.map(({ id, rules }) => [id, rules])).toEqual([
    ['one', changed()],
    ['two', draft.rules],
  ]);
  expect(await send('DELETE', '/api/rules/drafts/two?revision=9')).toMatchObject({ status: 409 });
  expect(await send('DELETE', '/api/rules/drafts/two')).toEqual({ status: 204, body: null });
  expect(await send('DELETE', '/api/rules/drafts/two')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_DRAFT' } });
  const publication = { rules: changed(), reason: 'Winter comes', basedOn, draft: 'one' };
  expect((await send('POST', '/api/rules/publish', publication)).status).toBe(200);
  expect((await send<{ drafts: RulesDraft[] }>('GET', '/api/rules/drafts')).body.drafts).toEqual([]);
});

test('a draft that somebody has written on since stays when what it was is published', async () => {
  const { send, settled } = await house();
  const basedOn = await settled();
  const draft = { name: 'Winter', rules: changed(), basedOn, revision: 0 };
  await send('PUT', '/api/rules/drafts/one', draft);
  await send('PUT', '/api/rules/drafts/one', { ...draft, rules: changed({ uplift: 3 }), revision: 1 });
  const publication = { rules: changed(), reason: 'Winter comes', basedOn, draft: 'one' };
  expect((await send('POST', '/api/rules/publish', publication)).status).toBe(200);
  expect((await send<{ drafts: RulesDraft[] }>('GET', '/api/rules/drafts')).body.drafts).toHaveLength(1);
});

test('a draft without a name, an id or rules, or with a revision below nothing, is refused', async () => {
  const { send } = await house();
  const bad: readonly [id: string, change: object][] = [
    ['one', { name: '  ' }],
    ['one', { name: 'a\0' }],
    ['one', { name: 'x'.repeat(81) }],
    ['one', { revision: -1 }],
    ['one', { rules: undefined }],
    ['one', { basedOn: 'a\0' }],
    ['a%20b', {}],
  ];
  for (const [id, change] of bad) {
    const draft = { name: 'Winter', rules: {}, basedOn: '1/cafe', revision: 0, ...change };
    const answer = await send('PUT', `/api/rules/drafts/${id}`, draft);
    expect(answer, JSON.stringify(change)).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
  }
});

test('no more than fifty drafts are kept', async () => {
  const { desk } = await house();
  const draft = { name: 'Draft', rules: {}, basedOn: '1/cafe', revision: 0 };
  await until('the database', () =>
    desk.drafts().then(
      () => true,
      () => false,
    ),
  );
  for (let i = 0; i < 50; i += 1) await desk.saveDraft(`draft-${i}`, draft, LOCAL_OPERATOR);
  await expect(desk.saveDraft('one-more', draft, LOCAL_OPERATOR)).rejects.toMatchObject({ code: 'TOO_MANY_DRAFTS' });
});

test('what was on record when the server died, but never adopted, is adopted at the next start', async () => {
  const folder = temporaryFolder();
  const first = await house({ journal: await openTestJournal(folder), dead: true });
  const basedOn = await first.settled();
  const ask = { rules: changed(), reason: 'Just before the end', basedOn };
  await expect(first.desk.publish(ask, LOCAL_OPERATOR)).rejects.toMatchObject({ code: 'RULES_NOT_YET_IN_FORCE' });
  expect(first.board.definition.rules.version).toBe(1);
  first.stop();
  await first.store.stop();
  await first.journal.close();
  const second = await house({ journal: await openTestJournal(folder), system: first.system });
  await until('the rules on record to come into force', () => second.board.definition.rules.version === 2, 20_000);
  expect(second.board.definition.rules).toMatchObject({ reason: 'Just before the end', levels: [20, 62, 86] });
  expect((await second.desk.book()).versions).toHaveLength(2);
});

test('rules.yaml of a higher version comes into force at the start, with its own reason; a lower one does not', async () => {
  const folder = temporaryFolder();
  const first = await house({ journal: await openTestJournal(folder) });
  await first.settled();
  first.stop();
  await first.store.stop();
  await first.journal.close();
  const file = changed({ version: 5, reason: 'From the folder', by: 'the analyst' });
  const second = await house({ journal: await openTestJournal(folder), system: first.system, file });
  await until('the file to be in force', () => second.board.definition.rules.version === 5);
  const { current, versions } = await second.settled().then(() => second.desk.book());
  expect(current).toMatchObject({ version: 5, origin: 'file', reason: 'From the folder', by: 'the analyst' });
  expect(versions.map(({ version }) => version)).toEqual([5, 1]);
  second.stop();
  await second.store.stop();
  await second.journal.close();
  const lower = changed({ version: 5, uplift: 1 });
  const third = await house({ journal: await openTestJournal(folder), system: first.system, file: lower });
  expect(await third.settled()).toBe(current.id);
  expect(third.board.definition.rules.uplift).toBe(20);
});

test('a database that lost its rules is told them again; one that knows newer ones has its way', async () => {
  const folder = temporaryFolder();
  const first = await house({ journal: await openTestJournal(folder) });
  await first.desk.publish({ rules: changed(), reason: 'Sooner', basedOn: await first.settled() }, LOCAL_OPERATOR);
  first.stop();
  await first.store.stop();
  await first.journal.close();
  await ask(
    database.url,
    `delete from rules_publication using run where run.run_id = rules_publication.run_id and code = $1`,
    [first.system],
  );
  const second = await house({ journal: await openTestJournal(folder), system: first.system });
  expect(await second.settled()).toBe(rulesId(second.board.definition.rules));
  expect(second.board.definition.rules).toMatchObject({ version: 2, reason: 'Sooner' });
  second.stop();
  await second.store.stop();
  await second.journal.close();
  // Another journal, which knows only the file: what people decided stands in the database.
  const third = await house({ system: first.system });
  await until('the rules on record', () => third.board.definition.rules.version === 2, 20_000);
});

test('without a database what is in force is shown, checked and compared, and nothing can be published', async () => {
  const { send, board } = await house({ url: 'postgres://nobody@127.0.0.1:9/none' });
  const book = (await send<RulesBook>('GET', '/api/rules')).body;
  expect(book).toMatchObject({
    complete: false,
    current: { version: 1, levelChanges: null },
    rules: board.definition.rules,
  });
  expect((await send<RulesChecked>('POST', '/api/rules/check', { rules: changed() })).body.changes).toHaveLength(1);
  const publication = { rules: changed(), reason: 'Sooner', basedOn: book.current.id };
  const away = { status: 503, body: { code: 'STORE_UNAVAILABLE' } };
  expect(await send('POST', '/api/rules/publish', publication)).toMatchObject(away);
  expect(await send('POST', '/api/rules/roll-back', { to: '1/cafe', reason: 'Why', basedOn: '1/cafe' })).toMatchObject(
    away,
  );
  expect(await send('GET', '/api/rules/drafts')).toMatchObject(away);
  expect(await send('DELETE', '/api/rules/drafts/one')).toMatchObject(away);
  expect(await send('GET', `/api/rules/versions/${book.current.id.replace('/', '-')}`)).toMatchObject(away);
  expect(board.definition.rules.version).toBe(1);
});

test('the level changes of each version are counted once, however often the journal is taken in', async () => {
  const { board, desk, settled, system } = await house();
  const basedOn = await settled();
  const count = async (id: string) => (await desk.book()).versions.find((version) => version.id === id)?.levelChanges;
  expect(await count(basedOn)).toBe(0);
  const change = { at: board.at, unit: 'sys', from: 1, to: 2, score: 40, text: 'x', rules: basedOn } as const;
  const ids = await ask<{ run: number; unit: number; rules: number }>(
    database.url,
    `select run_id as run, unit_id as unit, rules_id as rules from run, unit, rules_version r
     where run.code = $1 and unit.system = $1 and unit.code = 'sys' and r.system = $1`,
    [system],
  );
  const { run = 0, unit = 0, rules = 0 } = ids[0] ?? {};
  const dictionary = (id: number) => ({ ensure: () => Promise.resolve(), of: () => id });
  const query = addLevelChanges(run, [{ ...change, seq: 1 }], dictionary(unit), dictionary(rules));
  await ask(database.url, query.text, [...query.values]);
  await ask(database.url, query.text, [...query.values]);
  expect(await count(basedOn)).toBe(1);
});
