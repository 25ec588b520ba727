import Type from 'typebox';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Reading } from '../../domain/ports.ts';
import type { MakeAdapter } from './adapter.ts';
import { askForDocument, createSiteFinder } from './documents.ts';
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
  type NumberField,
  type NumberRule,
  TIME,
  type Refusals,
} from './values.ts';

/** 111 and out-of-hours services in one document. Queue names are free text and are left unread. */
const DocumentSchema = compiled(
  Type.Object({ generatedAt: Type.Optional(Type.Unknown()), services: Type.Array(Type.Unknown()) }),
);
const ServiceSchema = compiled(Type.Object({ odsCode: Type.String({ minLength: 1, maxLength: 40 }) }));

const WINDOW = [
  ['offered', 'iuc.offered'],
  ['answered', 'iuc.answered'],
  ['abandoned', 'iuc.abandoned'],
  ['answeredIn60Seconds', 'iuc.answered-in-60s'],
] as const satisfies readonly (readonly [string, MetricName])[];

const SHIFTS = [
  ['planned', 'iuc.shifts-planned'],
  ['filled', 'iuc.shifts-filled'],
] as const satisfies readonly (readonly [string, MetricName])[];

const QUEUES = [
  'iuc.waiting',
  'iuc.longest-wait',
  'iuc.queue-overrun',
  'iuc.overrun-target',
] as const satisfies readonly MetricName[];
const ALL: readonly MetricName[] = [...WINDOW.map(([, m]) => m), ...QUEUES, ...SHIFTS.map(([, m]) => m)];

type Field = NumberField;

function numberAt(value: unknown, rule: NumberRule, place: string, refusals: Refusals): Field {
  const field = numberField(value, rule);
  if (field === 'invalid') refuseNumber(refusals, place, rule);
  return field;
}

export const iucQueues: MakeAdapter<null> = () => ({
  name: 'iuc-queues',
  redaction: { keeps: { odsCode: CODE, generatedAt: TIME }, links: [] },
  timeKeys: ['generatedAt'],
  memory: () => null,
  request: (asking) => askForDocument(asking),
  read(payload, { instance, now }) {
    if (!DocumentSchema.Check(payload))
      return { ok: false, state: 'invalid', fault: 'the answer has no list of services' };
    const refusals = createRefusals();
    const observedAt = payloadTime(payload.generatedAt, now, '/generatedAt', refusals);
    const finder = createSiteFinder(instance.sites, refusals);
    const readings: Reading[] = [];
    payload.services.forEach((service, index) => {
      const place = `/services/${index}`;
      if (!ServiceSchema.Check(service)) return refuse(refusals, place, ServiceSchema, service);
      const site = finder.take(service.odsCode, `${place}/odsCode`);
      if (site) readService(service, site.id, place, refusals, readings);
    });
    for (const site of finder.rest()) readings.push(...notReported(site.id, ALL, 'missing-site'));
    return {
      ok: true,
      observedAt,
      readings,
      slots: [],
      rejected: refusals.list,
      rejectedCount: refusals.count,
      duplicates: finder.duplicates,
      next: null,
      memory: null,
      volume: payload.services.length,
    };
  },
});

function readService(service: object, site: string, place: string, refusals: Refusals, into: Reading[]): void {
  const fields = service as Readonly<Record<string, unknown>>;
  const group = (name: string, rules: readonly (readonly [string, MetricName])[]): void => {
    const value = fields[name];
    const parts = isRecord(value) ? value : null;
    if (value !== undefined && value !== null && !parts) refusals.add(`${place}/${name}`, 'must be an object');
    const none: Field = value === undefined || value === null ? 'missing-field' : 'invalid';
    for (const [field, metric] of rules) {
      const at = `${place}/${name}/${field}`;
      into.push(reading(site, metric, parts ? numberAt(parts[field], 'count', at, refusals) : none));
    }
  };
  group('last15Minutes', WINDOW);
  const queues = readQueues(fields['queues'], `${place}/queues`, refusals);
  for (const metric of QUEUES) into.push(reading(site, metric, queues[metric]));
  group('shifts', SHIFTS);
}

/** A wait as a multiple of its target: no number where the target is so short that there is none. */
function overrun(wait: Field, target: number, place: string, refusals: Refusals): Field {
  if (typeof wait !== 'number') return wait;
  const ratio = numberField(Math.round((wait / target) * 1000) / 1000, 'amount');
  if (ratio === 'invalid') refusals.add(place, 'is too short a target');
  return ratio;
}

type QueueFields = Readonly<Record<(typeof QUEUES)[number], Field>>;

const allQueues = (field: Field): QueueFields => ({
  'iuc.waiting': field,
  'iuc.longest-wait': field,
  'iuc.queue-overrun': field,
  'iuc.overrun-target': field,
});

/** One queue without its figure makes the service's figure absent: a sum or a worst case of the rest would understate. */
function fold(fields: readonly Field[], combine: (numbers: readonly number[]) => Field): Field {
  if (fields.includes('invalid')) return 'invalid';
  const numbers = fields.filter((field) => typeof field === 'number');
  return numbers.length < fields.length ? 'missing-field' : combine(numbers);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);

function readQueues(value: unknown, place: string, refusals: Refusals): QueueFields {
  if (value === undefined || value === null) return allQueues('missing-field');
  if (!Array.isArray(value)) {
    refusals.add(place, 'must be a list');
    return allQueues('invalid');
  }
  const waiting: Field[] = [];
  const waits: Field[] = [];
  const ratios: Field[] = [];
  const targets: number[] = [];
  for (const [index, queue] of value.entries()) {
    const at = `${place}/${index}`;
    if (!isRecord(queue)) {
      refusals.add(at, 'must be an object');
      return allQueues('invalid');
    }
    const inQueue = numberAt(queue['waiting'], 'count', `${at}/waiting`, refusals);
    const reported = numberAt(queue['longestWaitMinutes'], 'amount', `${at}/longestWaitMinutes`, refusals);
    const target = numberAt(queue['targetMinutes'], 'amount', `${at}/targetMinutes`, refusals);
    // Nobody waiting is a longest wait of 0 by itself, so leaving the field out says nothing less.
    const wait: Field = reported === 'missing-field' && inQueue === 0 ? 0 : reported;
    waiting.push(inQueue);
    waits.push(wait);
    if (target === 'invalid') ratios.push('invalid');
    else if (typeof target === 'number' && target > 0) {
      ratios.push(overrun(wait, target, `${at}/targetMinutes`, refusals));
      targets[ratios.length - 1] = target;
    }
  }
  const worst = (numbers: readonly number[]): Field => targets[numbers.indexOf(most(numbers))] ?? 'missing-field';
  return {
    'iuc.waiting': fold(waiting, sum),
    'iuc.longest-wait': fold(waits, most),
    'iuc.queue-overrun': fold(ratios, (numbers) => (numbers.length === 0 ? 'missing-field' : most(numbers))),
    'iuc.overrun-target': fold(ratios, worst),
  };
}
