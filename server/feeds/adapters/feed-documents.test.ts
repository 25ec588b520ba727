import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SiteKind } from '#shared/model/site-kind.ts';
import { contextOf, feedOf, siteOf, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import type { MakeAdapter } from './adapter.ts';
import { declaredStates } from './declared-states.ts';
import { iucQueues } from './iuc-queues.ts';
import { onlineConsultations } from './online-consultations.ts';
import { telephonyQueues } from './telephony-queues.ts';

const PAGE = readFileSync(new URL('../../../docs/feed-documents.md', import.meta.url), 'utf8');
const example = (name: string): unknown => {
  const [, json = ''] = new RegExp(`\\n## ${name}\\n[^]*?\`\`\`json\\n([^]*?)\`\`\``).exec(PAGE) ?? [];
  return JSON.parse(json);
};

function read<Memory>(
  name: 'telephony-queues' | 'iuc-queues' | 'online-consultations' | 'declared-states',
  make: MakeAdapter<Memory>,
  code: string,
  kind: SiteKind,
) {
  const adapter = make(feedOf(name), TOOLS);
  const result = adapter.read(example(name), contextOf(name, [siteOf(code, kind)]), adapter.memory());
  if (!result.ok) throw new Error('not read');
  return {
    refused: result.rejected,
    absent: result.readings.filter(({ value }) => value === null).map(({ metric }) => metric),
    figures: result.readings.length,
    declared: result.declared,
  };
}

it.each([
  ['telephony-queues', read('telephony-queues', telephonyQueues, 'P81001', 'practice'), 13],
  ['online-consultations', read('online-consultations', onlineConsultations, 'P81001', 'practice'), 4],
  ['iuc-queues', read('iuc-queues', iucQueues, 'NNF01', 'nhs111'), 10],
  ['declared-states', read('declared-states', declaredStates, 'P81001', 'practice'), 1],
])('the documented %s are read whole, every figure of them', (_, { refused, absent, figures }, expected) => {
  expect({ refused, absent, figures }).toEqual({ refused: [], absent: [], figures: expected });
});

it('a documented declaration says why, by whom and until when', () => {
  expect(read('declared-states', declaredStates, 'P81001', 'practice').declared).toMatchObject([
    { level: 3, reason: 'reception-staff', by: 'practice manager' },
  ]);
});
