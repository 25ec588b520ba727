import { randomUUID } from 'node:crypto';
import { dayStart, type EpochMs } from '#shared/model/time.ts';
import type { Definition, UnitDef } from '#shared/model/definition.ts';
import { feedInstances, type FeedInstance } from '../../domain/feed-instances.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Holding, HoldAnswer, LongerAnswer, LookAnswer, SlotWriter } from '../../domain/redirection/ports.ts';
import { kindOf } from '../../domain/redirection/lots.ts';
import type { HeldSlot, HeldState } from '../../domain/redirection/record.ts';
import { barsSlots } from '../adapters/bars-slots.ts';
import { daysLater, rootOf } from '../adapters/fhir-query.ts';
import { createSlotTyping } from '../adapters/slot-types.ts';
import { createRefusals } from '../adapters/values.ts';
import { createAsks, type AsksDeps } from '../asks.ts';
import type { Authority } from '../auth/authority.ts';
import type { Answer, Http } from '../http.ts';
import type { Quotas } from '../quota.ts';
import {
  choose,
  freeSlots,
  MOST_AT_ONCE,
  notAttended,
  seenSlots,
  startsOf,
  stateOf,
  takenSlots,
  transaction,
  type Change,
  type SeenSlot,
} from './fhir-slot.ts';

/** Real: a call waits no longer than this for the supplier's quota. */
const QUOTA_WAIT_MS = 10_000;
/** A slot that went between looking and writing: looked at again so often. */
const TRIES = 3;
const MAX_BYTES = 8 * 1024 * 1024;

export interface WriterDeps extends AsksDeps {
  readonly definition: Definition;
  readonly clock: Clock;
  readonly http: Http;
  readonly authority: Authority;
  readonly quotas: Quotas;
  readonly signal: AbortSignal;
  /** Has a feed instance polled at once: what was held or given back is seen on every screen. */
  readonly pollAfresh: (instance: string) => void;
}

type Sent =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly status: number | null; readonly fault: string };

/** Of what was to be changed something had become otherwise since it was looked at. */
const isOvertaken = ({ status }: Extract<Sent, { ok: false }>): boolean => status === 412 || status === 409;

/** Sets slots aside over FHIR where a hub's feed says that it can be done; by the feed's own address, sign-in and quota. */
export function createSlotWriter(deps: WriterDeps): SlotWriter {
  const { definition, clock, http, authority, quotas, signal } = deps;
  const byId = new Map(definition.units.map((unit) => [unit.id, unit]));
  const typing = createSlotTyping(definition.slotTypes ?? null);
  const hubs = new Map(
    feedInstances(definition).flatMap((instance) => {
      const [site] = instance.sites;
      return instance.feed.holds === 'fhir-slot' && site?.siteKind === 'hub'
        ? [[site.id, createSide(instance)] as const]
        : [];
    }),
  );

  function createSide(instance: FeedInstance) {
    // A search for today alone, whatever the feed itself looks ahead.
    const feed = { ...instance.feed };
    delete feed.horizonDays;
    const today = { ...instance, feed };
    const adapter = barsSlots(feed, { supplier: null, slotTypes: definition.slotTypes ?? null, mapping: NO_MAPPING });
    return { instance: today, asks: createAsks(deps, today, adapter), root: rootOf(today)[0] };
  }
  type Side = ReturnType<typeof createSide>;

  /** One request in the feed's own name. `path` null: the feed's search for today. */
  const send = async (side: Side, path: string | null, body: string | null): Promise<Sent> => {
    const { instance, asks } = side;
    const prepared = asks.prepare(clock.now(), null);
    if ('state' in prepared) return { ok: false, status: null, fault: prepared.fault };
    const authorised = await authority.authorise(instance.feed, signal);
    if ('state' in authorised) return { ok: false, status: null, fault: authorised.fault };
    if (!(await quotas.wait(instance.feed.supplier, QUOTA_WAIT_MS, signal)))
      return { ok: false, status: null, fault: 'we may ask this supplier no more often' };
    const headers = { ...prepared.headers, ...authorised.headers, 'x-request-id': randomUUID() };
    const url = path === null ? prepared.url : asks.further(`${side.root}${path}`);
    const { timeoutMs } = instance.feed;
    const base = { url, headers, tls: authorised.tls, timeoutMs, maxBytes: MAX_BYTES, signal, known: null };
    const answer: Answer = await http.get(
      body === null
        ? { ...base, method: 'GET' }
        : { ...base, method: 'POST', body, headers: { ...headers, 'content-type': 'application/fhir+json' } },
    );
    if (answer.kind === 'fresh') return { ok: true, payload: answer.payload };
    const status = answer.head?.status ?? null;
    return { ok: false, status, fault: answer.kind === 'fault' ? answer.fault.fault : 'the answer was not whole' };
  };
  const search = (side: Side) => send(side, null, null);
  const byName = (side: Side, handles: readonly string[]) =>
    send(side, `/Slot?_id=${handles.map(encodeURIComponent).join(',')}`, null);
  const unreachable = ({ fault }: { fault: string }) =>
    ({ kind: 'unreachable', reason: `The hub's booking system does not answer: ${fault}` }) as const;
  const notDone = (sent: Extract<Sent, { ok: false }>) => {
    const { status } = sent;
    const refused = status !== null && status >= 400 && status < 500 && status !== 429 && status !== 408;
    if (!refused) return unreachable(sent);
    return { kind: 'refused', reason: `The hub's booking system refused it (${status})` } as const;
  };

  /** Under this key already: the answer to an earlier try was lost, or we were. */
  const found = async (side: Side, payload: unknown, key: string): Promise<SeenSlot[] | { fault: string }> => {
    // Booked ones as well: a patient may have been quicker than we were with asking again.
    const names = takenSlots(payload);
    const ours: SeenSlot[] = [];
    for (let at = 0; at < names.length; at += MOST_AT_ONCE) {
      const seen = await byName(side, names.slice(at, at + MOST_AT_ONCE));
      if (!seen.ok) return seen;
      ours.push(...seenSlots(seen.payload).filter((slot) => slot.key === key));
    }
    return ours;
  };

  const hold = async (side: Side, { hub, key, until, slots, again }: Holding): Promise<HoldAnswer> => {
    const wanted = slots.reduce((sum, { count }) => sum + count, 0);
    if (wanted > MOST_AT_ONCE)
      return { kind: 'refused', reason: `No more than ${MOST_AT_ONCE} slots can be held at once` };
    let free = 0;
    for (let tried = 0; tried < TRIES; tried++) {
      const now = await search(side);
      if (!now.ok) return unreachable(now);
      if (again || tried > 0) {
        const ours = await found(side, now.payload, key);
        if ('fault' in ours) return unreachable(ours);
        if (ours.length > 0) return heldBefore(hub, slots, ours, now.payload);
      }
      const day = dayStart(clock.now());
      const available = freeSlots(now.payload, {
        ...{ from: day, to: daysLater(day, 1), typing, asked: null, mapped: false, refusals: createRefusals() },
        expected: side.instance.sites[0]?.identifiers['dos'] ?? null,
      });
      const { chosen, missing } = choose(hub, slots, available);
      free = chosen.length;
      if (missing > 0) return { kind: 'gone', free };
      const changes = chosen.map((slot) => ({
        ...slot,
        status: 'busy-tentative' as const,
        until,
        practice: codeOf(byId, slot.practice),
      }));
      const done = await send(side, '', transaction(key, changes));
      if (done.ok)
        return {
          kind: 'held',
          slots: chosen.map(({ handle, practice, need, ...slot }) => ({ ...kindOf(slot), handle, practice, need })),
        };
      if (!isOvertaken(done)) return notDone(done);
    }
    return { kind: 'gone', free: Math.max(0, free - 1) };
  };
  /** Which of ours stands for which wanted slot: by practice and start. */
  const heldBefore = (
    hub: string,
    slots: Holding['slots'],
    ours: readonly SeenSlot[],
    payload: unknown,
  ): HoldAnswer => {
    const starts = startsOf(payload);
    const left = [...ours];
    const held: HeldSlot[] = [];
    for (const { count, practice, need, start, minutes, channel, role, service } of slots)
      for (let i = 0; i < count; i++) {
        const at = left.findIndex(
          (each) => each.practice === codeOf(byId, practice) && starts.get(each.handle) === start,
        );
        const [slot] = at < 0 ? [] : left.splice(at, 1);
        if (slot) held.push({ start, minutes, channel, role, service, practice, need, handle: slot.handle });
      }
    return held.length > 0
      ? { kind: 'held', slots: held }
      : { kind: 'refused', reason: `${hub} holds other slots under this name` };
  };

  const look = async (side: Side, key: string, slots: readonly HeldSlot[]): Promise<LookAnswer> => {
    const states = new Map<string, HeldState>();
    const handles = slots.map(({ handle }) => handle);
    let absent: number | null = null;
    for (let at = 0; at < handles.length; at += MOST_AT_ONCE) {
      const part = handles.slice(at, at + MOST_AT_ONCE);
      const answer = await byName(side, part);
      if (!answer.ok) return unreachable(answer);
      const seen = new Map(seenSlots(answer.payload).map((slot) => [slot.handle, slot]));
      for (const handle of part) states.set(handle, stateOf(seen.get(handle), key));
    }
    const begun = slots.filter(({ handle, start }) => states.get(handle) === 'booked' && start <= clock.now());
    if (begun.length > 0) {
      const answer = await send(
        side,
        `/Appointment?slot=${begun.map(({ handle }) => encodeURIComponent(handle)).join(',')}`,
        null,
      );
      absent = answer.ok ? notAttended(answer.payload) : null;
    }
    return { kind: 'seen', states, absent };
  };

  /** Changes all that are still held under the key; null: none is. What went between looking and writing is left out. */
  const change = async (
    side: Side,
    key: string,
    slots: readonly HeldSlot[],
    to: Pick<Change, 'status' | 'until'>,
  ): Promise<Sent | null> => {
    let done: Sent | null = null;
    for (let tried = 0; tried < TRIES; tried++) {
      const answer = await byName(
        side,
        slots.map(({ handle }) => handle),
      );
      if (!answer.ok) return answer;
      const held = seenSlots(answer.payload).filter((slot) => stateOf(slot, key) === 'held');
      if (held.length === 0) return null;
      const ours = new Map(slots.map((slot) => [slot.handle, slot]));
      const changes = held.flatMap((slot) => {
        const { practice, need } = ours.get(slot.handle) ?? {};
        if (practice === undefined || need === undefined) return [];
        return [{ ...slot, ...to, practice: codeOf(byId, practice), need }];
      });
      done = await send(side, '', transaction(key, changes));
      if (done.ok || !isOvertaken(done)) return done;
    }
    return done;
  };

  const release = async (side: Side, key: string, slots: readonly HeldSlot[]): Promise<LookAnswer> => {
    const done = await change(side, key, slots, { status: 'free', until: clock.now() });
    return done && !done.ok && !isOvertaken(done) ? unreachable(done) : look(side, key, slots);
  };

  const longer = async (side: Side, key: string, until: EpochMs, slots: readonly HeldSlot[]): Promise<LongerAnswer> => {
    const done = await change(side, key, slots, { status: 'busy-tentative', until });
    if (done === null) return { kind: 'refused', reason: 'Nothing of it is set aside at the hub any more' };
    return done.ok ? { kind: 'held' } : notDone(done);
  };

  const at = <T>(hub: string, work: (side: Side) => Promise<T>, otherwise: T): Promise<T> => {
    const side = hubs.get(hub);
    return side ? work(side) : Promise.resolve(otherwise);
  };
  const cannot = { kind: 'unreachable', reason: 'This hub cannot be written to' } as const;
  return {
    writes: (hub) => hubs.has(hub),
    hold: (holding) =>
      at<HoldAnswer>(
        holding.hub,
        async (side) => {
          const answer = await hold(side, holding);
          deps.pollAfresh(side.instance.id);
          return answer;
        },
        cannot,
      ),
    longer: (hub, key, until, slots) => at<LongerAnswer>(hub, (side) => longer(side, key, until, slots), cannot),
    look: (hub, key, slots) => at<LookAnswer>(hub, (side) => look(side, key, slots), cannot),
    release: (hub, key, slots) =>
      at<LookAnswer>(
        hub,
        async (side) => {
          const answer = await release(side, key, slots);
          deps.pollAfresh(side.instance.id);
          return answer;
        },
        cannot,
      ),
  };
}

const codeOf = (byId: ReadonlyMap<string, UnitDef>, practice: string): string =>
  byId.get(practice)?.odsCode ?? practice;

const NO_MAPPING = {
  run: () => Promise.reject(new Error('a hold maps nothing')),
  close: () => Promise.resolve(),
};
