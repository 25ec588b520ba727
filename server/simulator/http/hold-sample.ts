import type { ScenarioEvent } from '#shared/model/scenario.ts';
import { memoryLog, type OutsideLog } from '../outside-log.ts';
import { sampleDefinition } from '../sample.ts';
import { BARS, base64, INCLUDES, startSystem } from './running-sample.ts';

/** Headers for the sample's hub. */
export const HUB = {
  ...BARS,
  'NHSD-Target-Identifier': base64({ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'SHUB1' }),
};
export const BASE = '/cedar-booking/SHUB1/FHIR/R4';
export const UNTIL = '2026-01-12T11:00:00.000Z';
export const HOLD = 'https://headroom.example/fhir/hold';

export interface Resource {
  id: string;
  status: string;
  start: string;
  meta: { versionId: string };
  extension?: {
    url: string;
    extension?: { url: string; valueString?: string; valueInstant?: string; valueCode?: string }[];
  }[];
}
export interface Bundle {
  type: string;
  total: number;
  entry: { resource: Resource & { resourceType: string }; response: { status: string; etag: string } }[];
}
export interface Outcome {
  resourceType: string;
  issue: { code: string; expression?: string[]; diagnostics: string }[];
}

/** What a transaction asks of one slot: `status` under `key`, until `UNTIL`, for the first practice. */
export const entry = (slot: { id: string; meta: { versionId: string } }, status: string, key: string) => ({
  resource: {
    resourceType: 'Slot',
    id: slot.id,
    status,
    extension: [
      {
        url: HOLD,
        extension: [
          { url: 'key', valueString: key },
          { url: 'until', valueInstant: UNTIL },
          { url: 'for', valueString: 'S10001' },
          { url: 'need', valueCode: 'urgent' },
        ],
      },
    ],
  },
  request: { method: 'PUT', url: `Slot/${slot.id}`, ifMatch: `W/"${slot.meta.versionId}"` },
});
export const transaction = (...entries: object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: entries });
export const hold = (slot: Resource, key = 'k1') => entry(slot, 'busy-tentative', key);
export const release = (slot: Resource, key = 'k1') => entry(slot, 'free', key);

/** A running sample, as somebody finds it who wants to hold slots of its hub. */
export async function startHub(
  at = '2026-01-12T09:20:00.000Z',
  events: ScenarioEvent[] = [],
  log: OutsideLog = memoryLog(),
) {
  const sample = await startSystem(at, sampleDefinition(), events, {}, log);
  const date = at.slice(0, 10);
  const search = async (status: string, from = BASE) => {
    const window = `start=ge${date}T00:00:00%2B00:00&start=le${date}T23:59:00%2B00:00`;
    const bundle = (await sample.get(`${from}/Slot?status=${status}&${window}&${INCLUDES}`, HUB)).json() as Bundle;
    return bundle.entry.flatMap(({ resource }) => (resource.resourceType === 'Slot' ? [resource] : []));
  };
  const now = () => new Date(sample.clock.now()).toISOString();
  const free = async () => (await search('free')).filter((slot) => Date.parse(slot.start) > Date.parse(now()));
  const send = (...entries: object[]) => sample.post(BASE, transaction(...entries), HUB);
  const look = async (...slots: { id: string }[]) =>
    ((await sample.get(`${BASE}/Slot?_id=${slots.map((s) => s.id).join(',')}`, HUB)).json() as Bundle).entry.map(
      ({ resource }) => resource,
    );
  return { ...sample, search, free, send, look };
}

/** Two of the last free slots. */
export const two = async (sample: { free: () => Promise<Resource[]> }): Promise<[Resource, Resource]> => {
  const [a, b] = (await sample.free()).slice(-2);
  if (!a || !b) throw new Error('no two free slots');
  return [a, b];
};
