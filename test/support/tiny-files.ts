import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A system of one neighbourhood in one place, always open. */
export const TINY_SYSTEM_YAML = `
id: tiny
name: Tiny
odsCode: QOP
description: A system of two practices, for tests
timeZone: Europe/London
coreHours: mon-sun 00:00-24:00
enhancedAccess:
  hours: mon-fri 18:30-20:00
  minutesPer1000: 60
bankHolidayRegion: england-and-wales
populationBasis: list-size
visibility:
  practiceNames: all
allowPrivateAddresses: true
simulated: false
figures: []
attribution: [Made up for tests]
places:
  - id: town
    name: Town
neighbourhoods:
  - id: north
    name: North
    place: town
`;
const SITES = `ods_code,name,kind,parent,list_size,lat,lon,contract,wte_gp,opening,services,identifiers,valid_from,valid_to
A00001,First Practice,practice,north,8000,53.48,-3.02,,,,,telephony=test-telecom,2022-04-01,
A00002,Second Practice,practice,north,6000,53.49,-3.01,,,,,telephony=test-telecom,2022-04-01,
`;
const FEEDS = `
feeds:
  - id: telephony
    adapter: telephony-queues
    supplier: test-telecom
    url: \${FEEDS_URL}/queues
    sites: practice where telephony=test-telecom
    schedule: "* * * * * *"
    timeout: 5s
    staleAfter: 3 min
`;

/** Writes a definition of two practices into a folder. */
export function writeTinySystem(folder: string): void {
  const rules = readFileSync(new URL('../../server/cli/templates/rules.yaml', import.meta.url), 'utf8');
  const files = { 'system.yaml': TINY_SYSTEM_YAML, 'sites.csv': SITES, 'feeds.yaml': FEEDS, 'rules.yaml': rules };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

export interface StubTelephony {
  readonly url: string;
  /** Callers waiting at each practice from now on. */
  say(waiting: number): void;
  close(): void;
}

/** A supplier's queue document over HTTP. */
export async function serveTelephony(): Promise<StubTelephony> {
  let waiting = 0;
  const queue = (odsCode: string) => ({
    odsCode,
    waiting,
    longestWaitSeconds: waiting * 30,
    handlersOnCall: 2,
    handlersFree: 1,
    callbacksWaiting: 0,
    oldestCallbackSeconds: 0,
  });
  const server = createServer((_request, response) => {
    const queues = ['A00001', 'A00002'].map(queue);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ generatedAt: new Date().toISOString(), queues }));
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say: (n) => (waiting = n),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
