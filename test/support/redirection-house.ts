import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import { fromInstant, MINUTE } from '#shared/model/time.ts';
import { createBoard } from '../../server/board/board.ts';
import { loadDefinition } from '../../server/definition/load.ts';
import { loadNational } from '../../server/definition/national.ts';
import { feedInstances } from '../../server/domain/feed-instances.ts';
import { createNormals } from '../../server/domain/normal/normals.ts';
import { createPublishedNormal } from '../../server/domain/normal/published.ts';
import { createPoller } from '../../server/feeds/poller.ts';
import { createQuarantine } from '../../server/feeds/quarantine/keeper.ts';
import { OWN_POLICY } from '../../server/domain/redirection/policy.ts';
import type { RedirectionHistory } from '../../server/domain/redirection/ports.ts';
import { createRedirection, type RedirectionPart } from '../../server/redirection/redirection.ts';
import { memoryLog } from '../../server/simulator/outside-log.ts';
import { createSimulatorServer } from '../../server/simulator/http/server.ts';
import { createSimulation } from '../../server/simulator/simulation.ts';
import { manualClock } from './server.ts';

const SECRETS: Readonly<Record<string, string>> = {
  CALDER_VOICE_TOKEN: 'calder',
  FELL_URGENT_CARE_USER: 'headroom',
  FELL_URGENT_CARE_PASSWORD: 'fell',
};
/** What redirections are made of: the rest of the feeds would only cost time. */
const NEEDED: ReadonlySet<string> = new Set(['bars-slots', 'telephony-queues', 'online-consultations', 'mapped-json']);

const SEED = 7;

const away = async () => Promise.reject(Object.assign(new Error('no database'), { code: 'STORE_UNAVAILABLE' }));
const NO_DATABASE: RedirectionHistory = { steps: away, keep: away, proposed: away };

export interface HouseOptions {
  readonly system?: string;
  readonly events?: readonly ScenarioEvent[];
  /** No hub's system can be written to: somebody rings this number. */
  readonly telephone?: string;
}

/** A shipped system without quotas, which these tests would run into as no poller does. */
async function systemOf(name: string, telephone: string | undefined): Promise<Definition> {
  const loaded = await loadDefinition(fileURLToPath(new URL(`../../server/systems/${name}`, import.meta.url)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults.slice(0, 3)));
  const { definition } = loaded;
  const suppliers = (definition.suppliers ?? []).map((each) => ({ ...each, perMinute: null, perSecond: null }));
  const feeds = definition.feeds
    .filter(({ adapter }) => NEEDED.has(adapter))
    .map((feed) => ({ ...feed, timeoutMs: 3000 }));
  const whole = { ...definition, suppliers, feeds };
  return telephone === undefined ? whole : rungAt(whole, telephone);
}

function rungAt(definition: Definition, telephone: string): Definition {
  const { redirection = OWN_POLICY, units } = definition;
  const hubs = units.flatMap(({ id, siteKind }) =>
    siteKind === 'hub' ? [{ ...redirection.hubs.find(({ hub }) => hub === id), hub: id, telephone }] : [],
  );
  const feeds = definition.feeds.map((feed) => {
    const told = { ...feed };
    delete told.holds;
    return told;
  });
  return { ...definition, feeds, redirection: { ...redirection, hubs } };
}

/**
 * A whole house in one process, with the real simulated suppliers over loopback, moved on by hand: nothing happens in it
 * but what a test asks for, so that nothing depends on how fast the machine is.
 */
export async function redirectionHouse(at: string, { system = 'sefton', events = [], telephone }: HouseOptions = {}) {
  const definition = await systemOf(system, telephone);
  const hand = manualClock(fromInstant(at));
  let ticks = 0;
  // It moves by a millisecond whenever it is looked at: two things at one moment are no world that there is.
  const clock: typeof hand = {
    ...hand,
    now: () => hand.now() + ticks++,
    set: (then) => {
      ticks = 0;
      hand.set(then);
    },
  };
  const run = { run: 't', system, simulated: true, seed: SEED, scenario: null, began: clock.now() };
  const runClock = { now: clock.now, run: { ...run, clock: { start: clock.now(), realEpoch: 0, speed: 1 } } };
  const scenario: Scenario | null =
    events.length > 0 ? { id: 't', name: 't', description: 't', events: [...events] } : null;
  const national = loadNational();
  const faults: string[] = [];
  const simulation = createSimulation({ definition, national, scenario }, runClock, memoryLog());
  const server = createSimulatorServer(simulation, (fault) => faults.push(fault), SECRETS);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const folder = mkdtempSync(join(tmpdir(), 'headroom-redirection-'));
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const journal = { append: () => undefined, checkpoint: () => undefined };
  const normal = createNormals(createPublishedNormal(definition, national));
  const board = createBoard({ definition, clock, normal, epoch: 'e', journal });
  const quarantine = createQuarantine({ clock, logger, folder: join(folder, 'quarantine'), byteBudget: 1_000_000 });
  const poller = createPoller({
    ...{ definition, clock, logger, quarantine, pausesFile: null },
    secret: (name) => (name === 'FEEDS_URL' ? base : SECRETS[name]),
    onOutcome: (outcome) => board.apply(outcome),
  });
  const instances = feedInstances(definition).map(({ id }) => id);
  const path = join(folder, 'redirections.jsonl');
  const parts: RedirectionPart[] = [];
  /** A part over the ledger as it is on disk: a second one is what a restart makes of it. */
  const begin = (history: RedirectionHistory = NO_DATABASE) => {
    const given = { board, writer: poller.writer, normal, clock, path, logger };
    const part = createRedirection({ ...given, history, keepEveryMs: 20 });
    parts.push(part);
    return part;
  };
  /** Every feed is asked, and what came counts. */
  const poll = async () => {
    await Promise.all(instances.map((id) => poller.pollNow(id)));
    board.tick();
  };
  const to = async (then: string) => {
    // In steps, as a server lives through them: what runs out is seen to.
    for (let next = clock.now() + 10 * MINUTE; next < fromInstant(then); next += 10 * MINUTE) {
      clock.set(next);
      await poll();
    }
    clock.set(fromInstant(then));
    await poll();
  };
  const close = async () => {
    for (const part of parts) await part.stop();
    await poller.stop();
    quarantine.close();
    server.close().closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(close, 30_000);
  await poll();
  return { definition, board, clock, poller, parts, begin, poll, to, faults, simulation, seed: SEED, base, path };
}

export type RedirectionHouse = Awaited<ReturnType<typeof redirectionHouse>>;
