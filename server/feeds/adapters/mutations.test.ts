import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdapterName } from '#shared/model/definition.ts';
import { METRICS } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';
import {
  appointment,
  CANARY,
  CANARY_TEXT,
  contextOf,
  feedOf,
  NOW,
  overTheWire,
  queue,
  searchset,
  service,
  siteOf,
  slot,
  slotIncludes,
  telephony,
  TOOLS,
  urgentCare,
} from '../../../test/fixtures/feeds/samples.ts';
import type { SyncAdapter } from './adapter.ts';
import { adapterOf } from './registry.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const hours = (n: number) => `2026-09-14T${String(8 + n).padStart(2, '0')}:45:00.000+00:00`;
const good: Partial<Record<AdapterName, { kind: SiteKind; payload: unknown }>> = {
  'telephony-queues': { kind: 'practice', payload: telephony(queue('S1'), queue('S2')) },
  'iuc-queues': { kind: 'nhs111', payload: urgentCare(service('S1'), service('S2')) },
  'bars-slots': {
    kind: 'practice',
    payload: searchset([
      ...slotIncludes(),
      ...['free', 'busy', 'busy-tentative', 'free'].map((s, i) => slot(s, hours(i))),
    ]),
  },
  'fhir-appointments': {
    kind: 'practice',
    payload: searchset(['booked', 'fulfilled', 'noshow', 'cancelled'].map((s, i) => appointment(`a${i}`, s, hours(i)))),
  },
};

/** Every place of a document, as the path of keys to it. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  const inner =
    value === null || typeof value !== 'object'
      ? []
      : Array.isArray(value)
        ? value.flatMap((v, i) => places(v, [...path, i]))
        : Object.entries(value).flatMap(([key, v]) => places(v, [...path, key]));
  return [path, ...inner];
}

type Change = { kind: 'set'; to: Json } | { kind: 'drop' } | { kind: 'double' };

/** Changes what stands at `path`, and nothing else: the document stays of its kind. */
function mutate(value: Json, path: readonly (string | number)[], change: Change): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change.kind === 'set' ? change.to : value;
  if (value === null || typeof value !== 'object') return value;
  const copy: Json = structuredClone(value);
  const held = copy as Record<string | number, Json>;
  if (rest.length > 0) held[key] = mutate(held[key] ?? null, rest, change);
  else if (change.kind === 'set') held[key] = change.to;
  else if (change.kind === 'double' && Array.isArray(copy)) copy.push(structuredClone(held[key] ?? null));
  else if (change.kind === 'drop' && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (change.kind === 'drop') Reflect.deleteProperty(held, key);
  return copy;
}

const nasty = fc.constantFrom<Json[]>(
  ...[null, true, -1, 1.5, 1e308, 0, '', '7', CANARY_TEXT, CANARY.nhsNumber, CANARY.phone, CANARY.name],
  ...[[], {}, [[]], { __proto__: null, length: 3 }, '2026-09-14T09:00:00', 'free', 'S1', 'Bundle', '<html>'],
);
const change: fc.Arbitrary<Change> = fc.oneof(
  nasty.map((to): Change => ({ kind: 'set', to: to as unknown as Json })),
  fc.constant<Change>({ kind: 'drop' }),
  fc.constant<Change>({ kind: 'double' }),
);
const mutations = (payload: unknown) => {
  const root = overTheWire(payload) as Json;
  const spots = places(root);
  return fc
    .array(fc.tuple(fc.constantFrom(...spots), change), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((value, [path, what]) => mutate(value, path, what), root));
};

/** Every number anywhere in the document, and how many things stand in its lists: all that a reading can be made of. */
function numbersIn(value: Json): number[] {
  if (typeof value === 'number') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(numbersIn);
}

describe.each(Object.entries(good) as [AdapterName, { kind: SiteKind; payload: unknown }][])(
  '%s under mutation',
  (name, { kind, payload }) => {
    const adapter = adapterOf(feedOf(name), TOOLS) as SyncAdapter<unknown>;
    const sites =
      name.startsWith('telephony') || name.startsWith('iuc')
        ? [siteOf('S1', kind), siteOf('S2', kind)]
        : [siteOf('S1', kind)];
    const context = contextOf(name, sites);
    const read = (mutated: unknown) => adapter.read(mutated, context, adapter.memory());

    it('never crashes, and gives each metric of each site at most once, as a number or with a reason', () => {
      fc.assert(
        fc.property(mutations(payload), (mutated) => {
          const result = read(mutated);
          if (!result.ok) return;
          const seen = new Set(result.readings.map((r) => `${r.site}/${r.metric}`));
          expect(seen.size).toBe(result.readings.length);
          for (const { site, metric, value, absence } of result.readings) {
            expect(sites.some((s) => s.id === site)).toBe(true);
            expect(Object.hasOwn(METRICS, metric)).toBe(true);
            if (value === null) expect(['not-reported', 'rejected']).toContain(absence);
            else expect(Number.isFinite(value) && value >= 0 && !Object.is(value, -0)).toBe(true);
          }
        }),
        { seed: 20260914, numRuns: 400 },
      );
    });

    it('says no more than the payload holds', () => {
      fc.assert(
        fc.property(mutations(payload), (mutated) => {
          const result = read(mutated);
          if (!result.ok) return;
          const most = result.readings.filter((r) => r.value !== null).map((r) => r.value ?? 0);
          if (name === 'telephony-queues') {
            const given = new Set(numbersIn(mutated).map((n) => n + 0));
            for (const value of most) expect(given.has(value)).toBe(true);
          } else if (name === 'iuc-queues') {
            const total = numbersIn(mutated).reduce((a, b) => a + Math.abs(b), 0);
            for (const value of most) expect(value).toBeLessThanOrEqual(total);
          } else {
            const text = JSON.stringify(mutated);
            const records = (text.match(name === 'bars-slots' ? /"Slot"/g : /"Appointment"/g) ?? []).length;
            for (const r of result.readings)
              if (r.value !== null && r.metric !== 'slots.free-minutes') expect(r.value).toBeLessThanOrEqual(records);
            const grouped = result.slots.flatMap((s) => s.groups).reduce((sum, g) => sum + g.free + g.busy + g.held, 0);
            expect(grouped).toBeLessThanOrEqual(records);
          }
          if (result.observedAt !== null) expect(result.observedAt).toBeLessThanOrEqual(NOW);
        }),
        { seed: 20260915, numRuns: 400 },
      );
    });

    it('lets nobody through, wherever in the document a person is put', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...places(overTheWire(payload) as Json)),
          fc.constantFrom(CANARY_TEXT, ...Object.values(CANARY)),
          (path, text) => {
            const result = read(mutate(overTheWire(payload) as Json, path, { kind: 'set', to: text }));
            const { memory, ...said } = result.ok ? result : { ...result, memory: null };
            // An appointment's id is opaque and stays in the adapter's memory; slots are kept as groups, so theirs does not.
            const spoken = JSON.stringify(name === 'fhir-appointments' ? said : { ...said, memory });
            for (const word of Object.values(CANARY)) expect(spoken).not.toContain(word);
          },
        ),
        { seed: 20260916, numRuns: 300 },
      );
    });
  },
);
