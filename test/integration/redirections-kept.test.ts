import { readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE } from '#shared/model/time.ts';
import { weekAt } from '#shared/model/week.ts';
import { draftOf, seenOf, steps } from '../../server/domain/redirection/record-fixture.ts';
import type { RedirectionEvent } from '../../server/domain/redirection/record.ts';
import { createKeeper } from '../../server/redirection/keeper.ts';
import { KEPT } from '../../server/domain/redirection/tally.ts';
import { openLedger } from '../../server/redirection/ledger.ts';
import { createScorecards } from '../../server/redirection/scorecards.ts';
import type { Store } from '../../server/store/store.ts';
import { EIGHT } from '../support/commits.ts';
import { withDatabase } from '../support/database.ts';
import { smallDefinition } from '../support/definition.ts';
import { manualClock } from '../support/server.ts';
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
const WEEK = weekAt(EIGHT);
const offerAt = (at: number) =>
  draftOf([
    { count: 2, start: at + 3 * HOUR },
    { count: 1, start: at + 3 * HOUR, practice: 'P2', channel: 'telephone' },
  ]);
const draft = offerAt(EIGHT);
const seen = seenOf({ P1: 3, P2: 1 });

/** Proposed, changed, accepted, held, booked but for one, looked at afterwards. */
function story(id: string, at: number, by = 'lead'): RedirectionEvent[] {
  const step = steps({ id, draft: offerAt(at), seen, at, by });
  return [
    ...[step.proposed(), step.refused(1), { ...step.proposed(), type: 'undone', by, key: `undo-${id}` }],
    ...[step.accepted(), step.held(), step.looked(['booked', 'back', 'booked']), step.looked([], 1, 24 * 60)],
  ] as RedirectionEvent[];
}

/** A ledger and what follows it into the database, as one server has them. */
function server(store: Store, path: string, now = EIGHT + 2 * HOUR) {
  const clock = manualClock(now);
  const { redirections: history } = store;
  const ledger = openLedger(path, silent, clock.now());
  const keeper = createKeeper({ ledger, history, clock, logger: silent, everyMs: 20 });
  const board = { definition: smallDefinition() };
  const scorecards = createScorecards({ board, ledger, history, clock });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await keeper.stop();
    ledger.close();
  };
  onTestFinished(stop);
  keeper.start();
  const caughtUp = () => until('the database to have them', () => keeper.behind() === 0, 20_000);
  return { clock, ledger, keeper, scorecards, stop, caughtUp };
}
const rows = (url: string) =>
  ask<{ id: string; steps: number; state: string; booked: number | null; absent: number | null; events: unknown[] }>(
    url,
    `select redirection as id, steps, state, booked, not_attended as absent, events from redirection order by 1`,
  );
const audited = async (url: string) =>
  (
    await ask<{ said: string }>(
      url,
      `select subject || ' ' || action || ' ' || actor as said from audit where action like 'redirection.%' order by at, audit_id`,
    )
  ).map(({ said }) => said);
const DECIDED = (id: string) =>
  ['refused', 'undone', 'accepted'].map((verb) => `${id} redirection.${verb} lead`).sort();

test('what became of redirections is in the database, each decision once, and a week of them is the same from either', async () => {
  const { url } = database;
  const store = startStore({ url, journal: await openTestJournal() });
  const path = join(temporaryFolder(), 'redirections.jsonl');
  const first = server(store, path);
  for (const event of story('a', EIGHT)) first.ledger.append(event);
  const own = steps({ id: 'b', draft, seen, at: EIGHT + MINUTE, by: 'lead' });
  for (const event of [own.proposed(true), own.accepted(0, draft, false), own.held([])]) first.ledger.append(event);
  await first.caughtUp();
  const unknown = { booked: null, absent: null };
  await until('both rows to be there', async () => (await rows(url)).length === 2);
  expect(await rows(url)).toMatchObject([
    { id: 'a', steps: 7, state: 'fulfilled', booked: 2, absent: 1 },
    { id: 'b', steps: 3, state: 'held', ...unknown },
  ]);
  const ofNow = await first.scorecards.of(WEEK, null);
  expect(ofNow).toMatchObject({
    current: true,
    lines: [{ offered: 6, booked: 2, notTold: 3, attended: 1 }, {}, {}, {}],
  });
  await first.stop();

  // The next server has the same ledger, and finds that nothing is missing.
  const second = server(store, path);
  second.ledger.append(own.told(3));
  await until('what was told to be there', async () => (await rows(url))[1]?.booked === 3);
  await second.stop();
  expect((await audited(url)).sort()).toEqual(
    [...DECIDED('a'), 'b redirection.accepted lead', 'b redirection.offered lead', 'b redirection.told lead'].sort(),
  );

  // A week later the ledger is no longer asked: without it the database tells the same.
  const later = WEEK.to + HOUR;
  const third = server(store, path, later);
  const { lines } = await third.scorecards.of(WEEK, null);
  await third.stop();
  rmSync(path);
  const fourth = server(store, path, later);
  const past = await fourth.scorecards.of(WEEK, null);
  expect(past).toMatchObject({ current: false, next: weekAt(later).id });
  expect(past.lines).toEqual(lines);
  expect(past.lines[0]).toMatchObject({ offered: 6, booked: 5, notTold: 0 });
});

/** Stands before a database and can be shut: whoever was connected is cut off, and nobody else gets in. */
async function gateTo(url: string) {
  const { hostname, port } = new URL(url);
  const lines = new Set<Socket>();
  let shut = false;
  const gate = createServer((line) => {
    const far = connect(Number(port), hostname);
    for (const end of [line, far]) {
      lines.add(end);
      end.on('error', () => undefined).on('close', () => lines.delete(end));
    }
    if (shut) line.destroy();
    line.pipe(far).pipe(line);
  });
  await new Promise<void>((done) => gate.listen(0, '127.0.0.1', done));
  const cut = () => lines.forEach((line) => line.destroy());
  onTestFinished(() => {
    cut();
    gate.close();
  });
  const through = new URL(url);
  through.host = `127.0.0.1:${String((gate.address() as AddressInfo).port)}`;
  return {
    url: through.href,
    set shut(to: boolean) {
      shut = to;
      if (shut) cut();
    },
  };
}

test('the database goes away meanwhile: nobody waits for it, nothing is lost or double, old weeks say why', async () => {
  const { url } = database;
  const gate = await gateTo(url);
  const store = startStore({ url: gate.url, journal: await openTestJournal(), run: demonstrationRun({ run: 'gone' }) });
  const path = join(temporaryFolder(), 'redirections.jsonl');
  const { ledger, keeper, scorecards, clock, caughtUp, stop } = server(store, path);
  const [proposed, ...rest] = story('g', EIGHT);
  if (proposed) ledger.append(proposed);
  await until('the first row', async () => (await rows(url)).some(({ id }) => id === 'g'));
  gate.shut = true;
  for (const event of rest) ledger.append(event);
  for (let i = 0; i < 250; i += 1) ledger.append(steps({ id: `n${i}`, draft, seen, at: EIGHT }).proposed());
  expect((await scorecards.of(WEEK, null)).lines[0]).toMatchObject({ booked: 2 });
  clock.set(WEEK.to + HOUR);
  await expect(scorecards.of(WEEK, null)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(keeper.behind()).toBe(251);
  gate.shut = false;
  await caughtUp();
  expect((await rows(url)).filter(({ id }) => /^[gn]/.test(id))).toHaveLength(251);
  expect((await audited(url)).filter((said) => said.startsWith('g')).sort()).toEqual(DECIDED('g'));
  await stop();
});

test('what ended long ago leaves the ledger once the database has it, and stays to be told', async () => {
  const { url } = database;
  const store = startStore({ url, journal: await openTestJournal() });
  const path = join(temporaryFolder(), 'redirections.jsonl');
  const at = EIGHT - 10 * 7 * 24 * HOUR;
  const first = server(store, path, at + HOUR);
  for (const event of story('old', at)) first.ledger.append(event);
  first.ledger.append({ ...steps({ id: 'new', draft, seen, at: EIGHT }).proposed() });
  await first.stop();
  const now = at + KEPT + 2 * 24 * HOUR;
  const second = server(store, path, now);
  await second.caughtUp();
  await until('the row', async () => (await rows(url)).some(({ id }) => id === 'old'));
  await until('it to leave what is gone through', () => !second.ledger.records().has('old'));
  await second.stop();
  expect(readFileSync(path, 'utf8')).toContain('"old"');
  // What the database has been seen to have leaves the file at the next start.
  const third = server(store, path, now);
  expect([...third.ledger.records().keys()]).toEqual(['new']);
  expect(readFileSync(path, 'utf8')).not.toContain('"old"');
  const card = await third.scorecards.of(weekAt(at), null);
  expect(card.lines[0]).toMatchObject({ booked: 2, attended: 1 });
});
