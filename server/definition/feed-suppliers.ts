import type { FeedDef, SlotTypes, SupplierDef } from '#shared/model/definition.ts';
import { NATIONAL_CATEGORIES, typeKey } from '#shared/model/national-categories.ts';
import { namesSite } from '../domain/feed-instances.ts';
import { everyMs } from '../domain/schedule.ts';
import type { SupplierEntry } from './feed-entry.ts';
import type { FeedsYaml } from './feed-wrong.ts';
import type { Report } from './faults.ts';
import { readDate } from './texts.ts';

/** Fields of `telephony-queues` by their national names: those a supplier's own may stand in for. */
const TELEPHONY_FIELDS = [
  'waiting',
  'longestWaitSeconds',
  'handlersOnCall',
  'handlersFree',
  'callbacksWaiting',
  'oldestCallbackSeconds',
  'inbound',
  'endedInIvr',
  'answered',
  'answeredWithin2Minutes',
  'missed',
  'callbacksRequested',
  'callbacksMade',
] as const;
const SUM = /^\s*[A-Za-z][A-Za-z0-9_]*(\s*[+-]\s*[A-Za-z][A-Za-z0-9_]*)*\s*$/;

export function readSuppliers(file: FeedsYaml, report: Report): SupplierDef[] | undefined {
  const { suppliers } = file.value;
  return suppliers?.map((entry, i) => {
    const at = (...path: (string | number)[]) => file.line('suppliers', i, ...path);
    if (suppliers.findIndex((other) => other.id === entry.id) !== i) {
      report(at('id'), `supplier "${entry.id}" is there twice`);
    }
    // Mistyped, its quota and its own fields would be left out without a word.
    if (!file.value.feeds.some((feed) => feed.supplier === entry.id)) {
      report(at('id'), `supplier "${entry.id}" has no feed: each feed names its own`);
    }
    checkFields(entry, (key, message) => {
      report(at('fields', key), `supplier "${entry.id}": ${message}`);
    });
    const { id, name, perMinute = null, perSecond = null, contact = null, fields = {} } = entry;
    if (perMinute !== null && perSecond !== null && perSecond > perMinute) {
      report(at('perSecond'), `supplier "${id}": perSecond ${perSecond} is more than perMinute ${perMinute}`);
    }
    return { id, name, perMinute, perSecond, contact, fields };
  });
}

function checkFields({ fields = {} }: SupplierEntry, wrong: (key: string, message: string) => void): void {
  for (const [name, sum] of Object.entries(fields)) {
    if (!(TELEPHONY_FIELDS as readonly string[]).includes(name)) {
      wrong(name, `fields: "${name}" is none of ${TELEPHONY_FIELDS.join(', ')}`);
    }
    if (!SUM.test(sum))
      wrong(name, `fields: ${name}: "${sum}" is no sum or difference of fields like "missed - abandoned"`);
  }
}

/** A supplier that allows fewer requests than the feeds' own schedules make can never be up to date. */
export function checkQuotas(
  file: FeedsYaml,
  feeds: readonly FeedDef[],
  suppliers: readonly SupplierDef[],
  report: Report,
) {
  suppliers.forEach(({ id, perMinute, perSecond }, i) => {
    const own = feeds.filter((feed) => feed.supplier === id);
    const needed = own.reduce((sum, feed) => sum + pollsAMinute(feed), 0);
    for (const [key, allowed] of [
      ['perMinute', perMinute],
      ['perSecond', perSecond && perSecond * 60],
    ] as const) {
      if (allowed === null || needed <= allowed) continue;
      const words = `the schedules of its feeds make ${Math.ceil(needed)} requests a minute, ${allowed} are allowed`;
      report(file.line('suppliers', i, key), `supplier "${id}": ${words}`);
    }
  });
}

function pollsAMinute(feed: FeedDef): number {
  return ((namesSite(feed) ? feed.sites.length : 1) * 60_000) / everyMs(feed.schedule);
}

/** `today`: a date that nobody can have looked through the types after; null where the clock is not the real one. */
export function readSlotTypes(file: FeedsYaml, today: string | null, report: Report): SlotTypes | undefined {
  const { slotTypes } = file.value;
  if (!slotTypes) return undefined;
  const { reviewed, types } = slotTypes;
  const at = (...path: (string | number)[]) => file.line('slotTypes', ...path);
  if (readDate(reviewed) === null) report(at('reviewed'), `slotTypes: reviewed "${reviewed}" is not a date`);
  else if (today !== null && reviewed > today)
    report(at('reviewed'), `slotTypes: reviewed ${reviewed} is in the future`);
  const first = new Map<string, string>();
  types.forEach(({ name, category }, i) => {
    const key = typeKey(name);
    const other = first.get(key);
    if (key === '') report(at('types', i, 'name'), `slotTypes: "${name}" holds no letter or digit`);
    else if (other !== undefined) report(at('types', i, 'name'), `slotTypes: "${name}" is there already as "${other}"`);
    first.set(key, other ?? name);
    if (!(NATIONAL_CATEGORIES as readonly string[]).includes(category)) {
      report(at('types', i, 'category'), `slotTypes: category "${category}" is no national one like "walk-in"`);
    }
  });
  return slotTypes;
}
