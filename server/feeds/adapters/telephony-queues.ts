import type { SharedAccount } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { MakeAdapter } from './adapter.ts';
import { askForDocument } from './documents.ts';
import { parseFormula } from './formulas.ts';
import { createRecordReader, type FieldGroup, type FieldRule, type RecordMemory } from './records.ts';
import { documentOf } from './records-document.ts';
import { CODE, type NumberRule, TIME } from './values.ts';

/** A supplier's queues in one document. Names follow CBT001-007; every other field (and any free text) is left unread. */
const readQueues = documentOf('queues');

type Field = readonly [name: string, metric: MetricName, rule: NumberRule, split: FieldRule['split']];

const NOW: readonly Field[] = [
  ['waiting', 'calls.waiting', 'count', 'share'],
  ['longestWaitSeconds', 'calls.longest-wait', 'amount', 'same'],
  ['handlersOnCall', 'calls.handlers-on-call', 'count', 'share'],
  ['handlersFree', 'calls.handlers-free', 'count', 'share'],
  ['callbacksWaiting', 'callbacks.waiting', 'count', 'share'],
  ['oldestCallbackSeconds', 'callbacks.oldest', 'amount', 'same'],
];

const SINCE_MIDNIGHT: readonly Field[] = [
  ['inbound', 'calls.inbound', 'count', 'share'],
  ['endedInIvr', 'calls.ended-in-ivr', 'count', 'share'],
  ['answered', 'calls.answered', 'count', 'share'],
  ['answeredWithin2Minutes', 'calls.answered-in-2-min', 'count', 'share'],
  ['missed', 'calls.missed', 'count', 'share'],
  ['callbacksRequested', 'callbacks.requested', 'count', 'share'],
  ['callbacksMade', 'callbacks.made', 'count', 'share'],
];

const gatherNow: FieldGroup['gather'] = (queue, raw, at) => {
  raw[at] = queue['waiting'];
  raw[at + 1] = queue['longestWaitSeconds'];
  raw[at + 2] = queue['handlersOnCall'];
  raw[at + 3] = queue['handlersFree'];
  raw[at + 4] = queue['callbacksWaiting'];
  raw[at + 5] = queue['oldestCallbackSeconds'];
};

const gatherSinceMidnight: FieldGroup['gather'] = (since, raw, at) => {
  raw[at] = since['inbound'];
  raw[at + 1] = since['endedInIvr'];
  raw[at + 2] = since['answered'];
  raw[at + 3] = since['answeredWithin2Minutes'];
  raw[at + 4] = since['missed'];
  raw[at + 5] = since['callbacksRequested'];
  raw[at + 6] = since['callbacksMade'];
};

/** Codes of sites, and those of the feed's own accounts, which a supplier writes as it likes. */
const codesOf = (accounts: readonly SharedAccount[]): RegExp =>
  new RegExp([CODE.source, ...accounts.map(({ account }) => `^\\s*${RegExp.escape(account)}\\s*$`)].join('|'));

/** Suppliers' own words for the national fields: a formula stands where its field does, and is looked for there. */
const rules = (fields: readonly Field[], own: Readonly<Record<string, string>>): FieldRule[] =>
  fields.map(([name, metric, rule, split]) => ({
    name,
    metric,
    rule,
    split,
    formula: parseFormula(Object.hasOwn(own, name) ? (own[name] ?? name) : name),
  }));

/** Counters since midnight are passed on as published; the board makes whole-day totals of them. */
export const telephonyQueues: MakeAdapter<RecordMemory | null> = (feed, { supplier }) => {
  const own = supplier?.fields ?? {};
  const national = Object.keys(own).length === 0;
  const groups: FieldGroup[] = [
    { key: null, fields: rules(NOW, own), ...(national ? { gather: gatherNow } : {}) },
    { key: 'sinceMidnight', fields: rules(SINCE_MIDNIGHT, own), ...(national ? { gather: gatherSinceMidnight } : {}) },
  ];
  const read = readQueues(createRecordReader(groups, feed.shared));
  return {
    name: 'telephony-queues',
    redaction: { keeps: { odsCode: codesOf(feed.shared ?? []), generatedAt: TIME }, links: [] },
    timeKeys: ['generatedAt'],
    memory: () => null,
    request: (asking) => askForDocument(asking),
    read,
  };
};
