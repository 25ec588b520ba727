import Type from 'typebox';
import type { MetricName } from '#shared/model/metrics.ts';
import type { MakeAdapter } from './adapter.ts';
import { askForDocument } from './documents.ts';
import { parseFormula } from './formulas.ts';
import { createRecordReader, type FieldRule, type RecordMemory } from './records.ts';
import { CODE, compiled, createRefusals, payloadTime, type NumberRule, TIME } from './values.ts';

/** A supplier's online requests in one document. What patients wrote is no field of it that we read. */
const DocumentSchema = compiled(
  Type.Object({ generatedAt: Type.Optional(Type.Unknown()), practices: Type.Array(Type.Unknown()) }),
);

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
  const records = createRecordReader(GROUPS);
  return {
    name: 'online-consultations',
    redaction: { keeps: { odsCode: CODE, generatedAt: TIME }, links: [] },
    timeKeys: ['generatedAt'],
    memory: () => null,
    request: (asking) => askForDocument(asking),
    read(payload, { instance, now }, memory) {
      if (!DocumentSchema.Check(payload))
        return { ok: false, state: 'invalid', fault: 'the answer has no list of practices' };
      const refusals = createRefusals();
      const observedAt = payloadTime(payload.generatedAt, now, '/generatedAt', refusals);
      const read = records.read(payload.practices, '/practices', instance.sites, memory, refusals);
      return {
        ok: true,
        observedAt,
        readings: read.readings,
        slots: [],
        rejected: refusals.list,
        rejectedCount: refusals.count,
        duplicates: read.duplicates,
        next: null,
        memory: read.memory,
        volume: payload.practices.length,
      };
    },
  };
};
