import type { MetricName } from '#shared/model/metrics.ts';
import type { MakeAdapter } from './adapter.ts';
import { askForDocument } from './documents.ts';
import { parseFormula } from './formulas.ts';
import { createRecordReader, type FieldRule, type RecordMemory } from './records.ts';
import { documentOf } from './records-document.ts';
import { CODE, type NumberRule, TIME } from './values.ts';

/** A supplier's online requests in one document. What patients wrote is no field of it that we read. */
const readPractices = documentOf('practices');

const field = (name: string, metric: MetricName, rule: NumberRule): FieldRule => ({
  name,
  metric,
  rule,
  split: 'share',
  formula: parseFormula(name),
});

const GROUPS = [
  { key: null, fields: [field('open', 'online.open', 'count'), field('oldestOpenMinutes', 'online.oldest', 'amount')] },
  {
    key: 'sinceMidnight',
    fields: [field('clinical', 'online.clinical', 'count'), field('admin', 'online.admin', 'count')],
  },
];

/** Clinical and administrative requests are counted apart, as published; those of neither kind are in no field. */
export const onlineConsultations: MakeAdapter<RecordMemory | null> = () => {
  const read = readPractices(createRecordReader(GROUPS));
  return {
    name: 'online-consultations',
    redaction: { keeps: { odsCode: CODE, generatedAt: TIME }, links: [] },
    timeKeys: ['generatedAt'],
    memory: () => null,
    request: (asking) => askForDocument(asking),
    read,
  };
};
