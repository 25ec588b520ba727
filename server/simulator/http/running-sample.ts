import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterEach } from 'vitest';
import type { Definition } from '#shared/model/definition.ts';
import type { Run } from '#shared/model/run.ts';
import type { Scenario, ScenarioEvent } from '#shared/model/scenario.ts';
import { fromInstant } from '#shared/model/time.ts';
import { memoryLog, type OutsideLog } from '../outside-log.ts';
import type { RunClock } from '../run-clock.ts';
import { sampleDefinition, sampleNational } from '../sample.ts';
import { createSimulation } from '../simulation.ts';
import { createSimulatorServer } from './server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A clock that stands where it is put. */
function standing(text: string): RunClock & { set(text: string): void } {
  let at = fromInstant(text);
  const run: Run = {
    run: 'test',
    system: 'sample',
    simulated: true,
    seed: 5,
    scenario: null,
    clock: { start: at, realEpoch: 0, speed: 1 },
    began: at,
  };
  return { now: () => at, run, set: (next) => (at = fromInstant(next)) };
}

/** A simulator over the sample system that listens on a free port until the test ends; its clock stands at `text`. */
export const startSample = (text: string, ...events: ScenarioEvent[]) => startSystem(text, sampleDefinition(), events);

/** The same over another system; `secrets` are what its suppliers know. */
export async function startSystem(
  text: string,
  definition: Definition,
  events: readonly ScenarioEvent[] = [],
  secrets: Readonly<Record<string, string>> = {},
  log: OutsideLog = memoryLog(),
) {
  const clock = standing(text);
  const scenario: Scenario | null = events.length
    ? { id: 't', name: 't', description: 't', events: [...events] }
    : null;
  const faults: string[] = [];
  const simulation = createSimulation({ definition, national: sampleNational(), scenario }, clock, log);
  const server = createSimulatorServer(simulation, (fault) => faults.push(fault), secrets);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const ask = async (path: string, options: Parameters<typeof request>[1]) => {
    const { statusCode, headers, body } = await request(path.startsWith('http') ? path : base + path, options);
    const text = await body.text();
    return { status: statusCode, headers, text, json: (): unknown => JSON.parse(text) };
  };
  const get = (path: string, headers: Record<string, string> = {}) => ask(path, { headers });
  const post = (path: string, query: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(query), headers });
  return { clock, base, get, post, faults, simulation };
}

export const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
/** What a search for the first practice's slots needs, for Monday 12 January 2026. */
export const BARS = {
  'NHSD-Target-Identifier': base64({ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2000000000' }),
  'NHSD-End-User-Organisation': base64({ resourceType: 'Organization' }),
  'NHSD-Requesting-Software': base64({ resourceType: 'Device' }),
  'X-Request-Id': 'c1ab3fba-6bae-4ba4-b257-5a87c44d4a91',
  'X-Correlation-Id': '9562466f-c982-4bd5-bb0e-255e9f5e6689',
  Accept: 'application/fhir+json; version=1.4.0',
};
export const DAY = 'start=ge2026-01-12T00:00:00%2B00:00&start=le2026-01-13T00:00:00%2B00:00';
export const INCLUDES = '_include=Slot:schedule&_include=Schedule:actor:HealthcareService';
export const SLOTS = `/alder-clinical/S10001/FHIR/R4/Slot?status=free,busy&${DAY}&${INCLUDES}`;
