import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FeedDef } from '#shared/model/definition.ts';
import { createQuarantine } from '../../server/feeds/quarantine/keeper.ts';
import type { Quarantine } from '../../server/feeds/quarantine.ts';
import { setUpPolling } from '../fixtures/feeds/polling.ts';
import { CANARY, CANARY_TEXT, feedOf, NOW, siteOf } from '../fixtures/feeds/samples.ts';

const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-quarantine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string): Quarantine {
  const quarantine = createQuarantine({ folder, clock: { now: () => NOW }, byteBudget: 10_000_000, logger });
  onTestFinished(() => quarantine.close());
  return quarantine;
}

/** A supplier that answers with what `say` last said. */
async function supplier(first: unknown) {
  let body: unknown = first;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say: (next: unknown) => void (body = next),
  };
}

const SITES = [siteOf('A00001'), siteOf('A00002')];
function polling(quarantine: Quarantine, feed: FeedDef) {
  const set = setUpPolling({ units: SITES, feeds: [{ ...feed, sites: ['A00001', 'A00002'] }], quarantine });
  onTestFinished(() => set.poller.stop());
  return set;
}

const queues = (waiting: unknown) => ({
  generatedAt: new Date(NOW).toISOString(),
  queues: [
    { odsCode: 'A00001', waiting, note: CANARY_TEXT, caller: { name: CANARY.name, phone: CANARY.phone } },
    { odsCode: 'A00002', waiting: 2, [CANARY_TEXT]: CANARY.nhsNumber },
  ],
});
const written = (folder: string) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');

describe('what a poll refuses', () => {
  it('is kept with feed, time, reason, place and a copy in which nobody can be read', async () => {
    const folder = temporaryFolder();
    const quarantine = open(folder);
    const { url } = await supplier(queues(CANARY_TEXT));
    const { poller } = polling(quarantine, feedOf('telephony-queues', { url }));
    expect(await poller.pollNow('telephony-queues')).toMatchObject({ state: 'partly-rejected', rejected: 1 });
    const [record] = quarantine.records({ limit: 9 });
    expect(record).toMatchObject({
      feed: 'telephony-queues',
      place: '/queues/0/waiting',
      reason: expect.stringContaining('must be a whole number, 0 or more'),
      state: 'kept',
    });
    expect(JSON.parse(record?.record ?? '')).toMatchObject({
      odsCode: 'A00001',
      waiting: `text of ${CANARY_TEXT.length} characters`,
    });
    const everything = written(folder) + JSON.stringify([quarantine.groups(), quarantine.records({ limit: 99 })]);
    for (const canary of Object.values(CANARY)) expect(everything).not.toContain(canary);
  });

  it('is not added again while the same answer comes', async () => {
    const quarantine = open(temporaryFolder());
    const stub = await supplier(queues('many'));
    const { poller } = polling(quarantine, feedOf('telephony-queues', { url: stub.url }));
    await poller.pollNow('telephony-queues');
    await poller.pollNow('telephony-queues');
    expect(quarantine.today()).toBe(1);
    stub.say(queues('more'));
    await poller.pollNow('telephony-queues');
    expect(quarantine.today()).toBe(2);
  });

  it('is the whole answer where that is not what the standard says', async () => {
    const quarantine = open(temporaryFolder());
    const { url } = await supplier({ problem: CANARY_TEXT, waiting: 7 });
    const { poller } = polling(quarantine, feedOf('telephony-queues', { url }));
    expect(await poller.pollNow('telephony-queues')).toMatchObject({ state: 'invalid' });
    expect(quarantine.groups()).toMatchObject([{ field: '', count: 1, kept: 1 }]);
    expect(quarantine.records({ limit: 1 })[0]?.record).toContain('"waiting":7');
  });
});

describe('after a mapping is corrected', () => {
  const mapped = (url: string, mapping: string) =>
    feedOf('mapped-json', { url, mapping, brings: ['calls.waiting'], keeps: ['site'] });
  const WRONG = '{"observations": rows.{"site": site, "metric": "calls.waiting", "value": waiting - 100}}';
  const RIGHT = '{"observations": rows.{"site": site, "metric": "calls.waiting", "value": waiting}}';

  it('what was refused is read again from its copy, as late data, once', async () => {
    const folder = temporaryFolder();
    const { url } = await supplier({
      rows: [
        { site: 'A00001', waiting: 4, who: CANARY_TEXT },
        { site: 'A00002', waiting: 9 },
      ],
    });
    const before = open(folder);
    const wrong = polling(before, mapped(url, WRONG));
    expect(await wrong.poller.pollNow('mapped-json')).toMatchObject({ rejected: 2 });
    await wrong.poller.stop();
    before.close();

    const quarantine = open(folder);
    const [group] = quarantine.groups();
    expect(group).toMatchObject({ count: 2, kept: 2 });
    const { poller, outcomes } = polling(quarantine, mapped(url, RIGHT));
    expect(await poller.control.readAgain(group?.key ?? '')).toEqual({ records: 2, taken: 2, refused: 0 });
    expect(outcomes).toMatchObject([{ feed: 'mapped-json', again: true, state: 'ok' }]);
    expect(outcomes[0]?.readings.map(({ site, value }) => [site, value])).toEqual([
      ['A00001', 4],
      ['A00002', 9],
    ]);
    expect(quarantine.groups()).toMatchObject([{ count: 2, kept: 0 }]);
    expect(await poller.control.readAgain(group?.key ?? '')).toEqual({ records: 0, taken: 0, refused: 0 });
    expect(written(folder)).not.toContain(CANARY.name);
  });

  it('what is refused again stays to be read once more', async () => {
    const { url } = await supplier({ rows: [{ site: 'A00001', waiting: 4 }] });
    const quarantine = open(temporaryFolder());
    const { poller } = polling(quarantine, mapped(url, WRONG));
    await poller.pollNow('mapped-json');
    const key = quarantine.groups()[0]?.key ?? '';
    expect(await poller.control.readAgain(key)).toMatchObject({ taken: 0, refused: 1 });
    expect(quarantine.records({ limit: 1 })).toMatchObject([{ state: 'refused-again' }]);
    expect(quarantine.stored(key)).toHaveLength(1);
    await expect(poller.control.readAgain('nothing')).rejects.toMatchObject({ code: 'UNKNOWN_GROUP' });
  });
});

describe('a server that is killed', () => {
  it('loses nothing that it had taken in', async () => {
    const folder = temporaryFolder();
    const script = join(import.meta.dirname, '../fixtures/feeds/quarantine-writer.ts');
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    const { promise: enough, resolve } = Promise.withResolvers<undefined>();
    const { promise: dead, resolve: died } = Promise.withResolvers<undefined>();
    child.on('exit', () => died(undefined));
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.split('\n').length > 50) resolve(undefined);
    });
    await enough;
    child.kill('SIGKILL');
    await dead;
    // The last line said may itself be cut off.
    const taken = said.split('\n').slice(0, -1).length;
    const quarantine = open(folder);
    expect(quarantine.today()).toBeGreaterThanOrEqual(taken);
    expect(quarantine.records({ limit: 10_000 }).length).toBe(quarantine.today());
  });
});
