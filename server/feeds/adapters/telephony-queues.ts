import Type from 'typebox';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Reading } from '../../domain/ports.ts';
import type { MakeAdapter } from './adapter.ts';
import { createSiteFinder } from './documents.ts';
import {
  CODE,
  compiled,
  createRefusals,
  isRecord,
  notReported,
  numberField,
  payloadTime,
  reading,
  refuse,
  refuseNumber,
  type NumberRule,
  TIME,
  type Refusals,
} from './values.ts';

/** A supplier's queues in one document. Names follow CBT001-007; every other field (and any free text) is left unread. */
const DocumentSchema = compiled(
  Type.Object({ generatedAt: Type.Optional(Type.Unknown()), queues: Type.Array(Type.Unknown()) }),
);
const QueueSchema = compiled(Type.Object({ odsCode: Type.String({ minLength: 1, maxLength: 40 }) }));

type FieldRule = readonly [field: string, metric: MetricName, rule: NumberRule];

const NOW: readonly FieldRule[] = [
  ['waiting', 'calls.waiting', 'count'],
  ['longestWaitSeconds', 'calls.longest-wait', 'amount'],
  ['handlersOnCall', 'calls.handlers-on-call', 'count'],
  ['handlersFree', 'calls.handlers-free', 'count'],
  ['callbacksWaiting', 'callbacks.waiting', 'count'],
  ['oldestCallbackSeconds', 'callbacks.oldest', 'amount'],
];

const SINCE_MIDNIGHT: readonly FieldRule[] = [
  ['inbound', 'calls.inbound', 'count'],
  ['endedInIvr', 'calls.ended-in-ivr', 'count'],
  ['answered', 'calls.answered', 'count'],
  ['answeredWithin2Minutes', 'calls.answered-in-2-min', 'count'],
  ['missed', 'calls.missed', 'count'],
  ['callbacksRequested', 'callbacks.requested', 'count'],
  ['callbacksMade', 'callbacks.made', 'count'],
];

const ALL = [...NOW, ...SINCE_MIDNIGHT].map(([, metric]) => metric);

/** Counters since midnight are passed on as published; the board makes whole-day totals of them. */
export const telephonyQueues: MakeAdapter<null> = () => ({
  name: 'telephony-queues',
  redaction: { keeps: { odsCode: CODE, generatedAt: TIME }, links: [] },
  timeKeys: ['generatedAt'],
  memory: () => null,
  request: ({ instance }) => ({ url: instance.feed.url, headers: { accept: 'application/json' } }),
  read(payload, { instance, now }) {
    if (!DocumentSchema.Check(payload))
      return { ok: false, state: 'invalid', fault: 'the answer has no list of queues' };
    const refusals = createRefusals();
    const observedAt = payloadTime(payload.generatedAt, now, '/generatedAt', refusals);
    const finder = createSiteFinder(instance.sites, refusals);
    const readings: Reading[] = [];
    payload.queues.forEach((queue, index) => {
      const place = `/queues/${index}`;
      if (!QueueSchema.Check(queue)) return refuse(refusals, place, QueueSchema, queue);
      const site = finder.take(queue.odsCode, `${place}/odsCode`);
      if (site) readQueue(queue, site.id, place, refusals, readings);
    });
    for (const site of finder.rest()) readings.push(...notReported(site.id, ALL, 'missing-site'));
    return {
      ok: true,
      observedAt,
      readings,
      slots: [],
      rejected: refusals.list,
      rejectedCount: refusals.count,
      next: null,
      memory: null,
      volume: payload.queues.length,
    };
  },
});

type Fields = Readonly<Record<string, unknown>>;

function readQueue(queue: object, site: string, place: string, refusals: Refusals, into: Reading[]): void {
  const fields = queue as Fields;
  const since = fields['sinceMidnight'] ?? null;
  if (since !== null && !isRecord(since)) refusals.add(`${place}/sinceMidnight`, 'must be an object');
  const read = (from: Fields | null, rules: readonly FieldRule[], parent: string): void => {
    for (const [field, metric, rule] of rules) {
      const value = from ? numberField(from[field], rule) : since === null ? 'missing-field' : 'invalid';
      if (from && value === 'invalid') refuseNumber(refusals, `${parent}/${field}`, rule);
      into.push(reading(site, metric, value));
    }
  };
  read(fields, NOW, place);
  read(isRecord(since) ? since : null, SINCE_MIDNIGHT, `${place}/sinceMidnight`);
}
