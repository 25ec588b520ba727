import { readFile } from 'node:fs/promises';
import { ImportFault } from './import-fault.ts';
import { hashText } from './spread.ts';

/** Queues that one request to Amazon Connect may name. */
const MOST_QUEUES = 100;

const CONNECT_METRICS = [
  ['CONTACTS_IN_QUEUE', 'COUNT'],
  ['OLDEST_CONTACT_AGE', 'SECONDS'],
  ['AGENTS_ON_CONTACT', 'COUNT'],
  ['AGENTS_AVAILABLE', 'COUNT'],
  ['CONTACTS_SCHEDULED', 'COUNT'],
] as const;

const asText = (query: object) => `${JSON.stringify(query, null, 2)}\n`;

/** The question to Amazon Connect: these queues' metrics now, by queue. */
export function connectQuery(queues: readonly string[]): string {
  if (queues.length > MOST_QUEUES) {
    throw new ImportFault(`${queues.length} practices with one Connect account: a request names ${MOST_QUEUES} queues`);
  }
  return asText({
    Filters: { Channels: ['VOICE'], Queues: queues },
    Groupings: ['QUEUE'],
    CurrentMetrics: CONNECT_METRICS.map(([Name, Unit]) => ({ Name, Unit })),
    MaxResults: MOST_QUEUES,
  });
}

/** The question to Genesys Cloud: these queues, with the conversations that wait. */
export const observationsQuery = (queues: readonly string[]): string =>
  asText({
    filter: {
      type: 'or',
      predicates: queues.map((value) => ({ dimension: 'queueId', value })),
    },
    metrics: ['oWaiting', 'oInteracting', 'oOnQueueUsers'],
    detailMetrics: ['oWaiting'],
  });

/** A queue's id as the clouds write them; without a long run of digits, which would be masked as a person's number. */
export function queueId(code: string): string {
  for (let attempt = 0; ; attempt++) {
    const hex = [0, 1, 2, 3]
      .map((i) => hashText(`queue ${code} ${attempt} ${i}`).toString(16).padStart(8, '0'))
      .join('');
    const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)];
    if (parts.every((part) => !/\d{6}/.test(part))) return parts.join('-');
  }
}

export const MAPPINGS = { connect: 'connect-metrics.jsonata', observations: 'queue-observations.jsonata' } as const;

/** The text of a mapping that ships. */
export const mappingText = (name: string): Promise<string> =>
  readFile(new URL(`../templates/${name}`, import.meta.url), 'utf8');
