import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Redirection } from '#shared/protocol/redirections.ts';
import { RedirectionProblem } from '../../server/domain/redirection/problem-codes.ts';
import type { HeldState, RedirectionEvent } from '../../server/domain/redirection/record.ts';
import { LOCAL_OPERATOR } from '../../server/identity/actor.ts';
import type { RedirectionPart } from '../../server/redirection/redirection.ts';
import { redirectionHouse, type RedirectionHouse } from '../support/redirection-house.ts';
import { MORNING, RAN_OUT, redirectionMorning } from '../support/redirection-morning.ts';

const lead = (name: string) => ({ ...LOCAL_OPERATOR, id: name });
const A = lead('lead-a');
const call = (redirection: Pick<Redirection, 'revision'>) => ({ key: randomUUID(), revision: redirection.revision });
const problem = async (promise: Promise<unknown>): Promise<RedirectionProblem> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RedirectionProblem);
  return error as RedirectionProblem;
};

/** Slots of the hubs as their own system has them, by status. */
async function atHubs(house: RedirectionHouse): Promise<Map<string, { free: number; held: number; booked: number }>> {
  await house.poll();
  const hubs = house.definition.units.filter(({ siteKind }) => siteKind === 'hub');
  return new Map(
    hubs.map(({ id }) => {
      const groups = house.board.slots(id)?.now ?? [];
      const sum = (pick: (group: (typeof groups)[number]) => number) =>
        groups.reduce((all, group) => all + pick(group), 0);
      return [id, { free: sum((g) => g.free), held: sum((g) => g.held), booked: sum((g) => g.busy) }];
    }),
  );
}
/** What has become of every slot that was ever held, as the hubs themselves say. */
async function askHubs(house: RedirectionHouse, part: RedirectionPart): Promise<HeldState[]> {
  const answers = await Promise.all(
    [...part.records().values()].map(({ id, draft, held }) =>
      held.size === 0
        ? null
        : house.poller.writer.look(
            draft.hub,
            id,
            [...held.values()].map(({ slot }) => slot),
          ),
    ),
  );
  return answers.flatMap((answer) => {
    if (answer?.kind === 'unreachable') throw new Error(answer.reason);
    return answer ? [...answer.states.values()] : [];
  });
}
const heldIn = (hubs: Awaited<ReturnType<typeof atHubs>>) =>
  [...hubs.values()].reduce((sum, { held }) => sum + held, 0);

describe('redirections of a Monday morning', () => {
  test('are proposed as practices run out, held at the hub when accepted, booked by patients, and the rest goes back', async () => {
    const morning = await redirectionMorning();
    const { house, part, desk, planner, holder } = morning;
    const { solved, waiting } = desk.list(null);
    const first = morning.first();
    expect(solved?.gap).toBe(0);
    expect(waiting.urgent).toBeGreaterThan(0);
    expect(first).toMatchObject({ state: 'proposed', rank: 1 });
    expect(first.shares.reduce((sum, { slots }) => sum + slots, 0)).toBe(first.slots);
    expect(first.sentence).toContain(first.hubName);

    const before = await atHubs(house);
    const held = await desk.accept(first.id, call(first), A);
    expect(held).toMatchObject({ state: 'held', slots: first.slots, decidedBy: 'lead-a' });
    const after = await atHubs(house);
    expect((after.get(first.hub)?.held ?? 0) - (before.get(first.hub)?.held ?? 0)).toBe(first.slots);
    expect((before.get(first.hub)?.free ?? 0) - (after.get(first.hub)?.free ?? 0)).toBe(first.slots);

    await house.to(new Date(Date.parse(held.heldUntil) - 60_000).toISOString());
    await holder.attend();
    const booked = desk.one(first.id);
    expect(booked.outcome?.booked).toBeGreaterThan(0);
    expect(booked.shares.reduce((sum, share) => sum + (share.booked ?? 0), 0)).toBe(booked.outcome?.booked);
    const helped = booked.offered.filter(({ booked: taken }) => (taken ?? 0) > 0).map(({ practice }) => practice);
    const without = (id: string) => house.board.unit(id)?.metrics['patients.without-slot']?.value ?? 0;
    const waited = helped.map(without);
    await planner.run();
    house.clock.set(house.clock.now() + 1000);
    house.board.tick();
    expect(helped.some((id, i) => without(id) < (waited[i] ?? 0))).toBe(true);
    // Who was booked is not taken off twice.
    const needs = planner.needs();
    for (const id of helped) expect(needs.get(id)?.urgent).toBe(without(id));

    house.clock.set(Date.parse(held.heldUntil) + 60_000);
    await holder.attend();
    await holder.attend();
    const ended = desk.one(first.id);
    expect(['fulfilled', 'expired']).toContain(ended.state);
    expect((ended.outcome?.booked ?? 0) + (ended.outcome?.returned ?? 0)).toBe(first.slots);
    expect(ended.result).not.toBe('');
    expect(await askHubs(house, part)).not.toContain('held');
    expect(house.faults).toEqual([]);
  });

  test('of fifty leads who decide on the same proposals at once exactly one wins each, and no slot is promised twice', async () => {
    const { house, part, desk, records } = await redirectionMorning();
    const proposals = desk
      .list(null)
      .redirections.filter(({ state }) => state === 'proposed')
      .slice(0, 10);
    expect(proposals.length).toBeGreaterThan(2);
    const calls = Array.from({ length: 50 }, (_, i) => lead(`lead-${i}`)).flatMap((actor) =>
      proposals.map((proposal) => ({ actor, proposal, body: call(proposal) })),
    );
    // In another order for every lead.
    const answers = await Promise.allSettled(
      calls
        .map((each, i) => ({ each, at: (i * 7919) % calls.length }))
        .sort((a, b) => a.at - b.at)
        .map(async ({ each }) => desk.accept(each.proposal.id, each.body, each.actor)),
    );
    const won = answers.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(proposals.length);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect((answer.reason as RedirectionProblem).code).toBe('REDIRECTION_MOVED_ON');
    }
    const handles = [...records().values()].flatMap(({ held }) => [...held.keys()]);
    expect(new Set(handles).size).toBe(handles.length);
    const promised = proposals.reduce((sum, { slots }) => sum + slots, 0);
    expect(handles).toHaveLength(promised);
    expect(await askHubs(house, part)).toEqual(Array.from({ length: promised }, () => 'held'));
  });

  test('of many own offers for the same slots only as many are held as there are; the others are told how many are left', async () => {
    const house = await redirectionHouse(MORNING);
    const part = house.begin();
    const { desk, records } = part;
    const hub = [...(await atHubs(house))].sort((a, b) => b[1].free - a[1].free)[0]?.[0] ?? '';
    const free = (await atHubs(house)).get(hub)?.free ?? 0;
    const asked = { hub, from: MORNING, to: '2026-01-12T21:00:00Z', shares: [] };
    const room = desk.preview(asked);
    const practices = room.practices.filter(({ own, most }) => own && most === room.free);
    const offers = Array.from({ length: 50 }, (_, i) =>
      desk.offer(
        {
          ...{ key: randomUUID(), hub, from: MORNING, to: '2026-01-12T21:00:00Z' },
          shares: [{ practice: practices[i % practices.length]?.practice ?? '', slots: 6 }],
        },
        lead(`lead-${i}`),
      ),
    );
    const answers = await Promise.allSettled(offers);
    const lost = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as RedirectionProblem] : [],
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const each of lost)
      expect(each).toMatchObject({ code: 'SLOTS_GONE', available: expect.any(Number) as number });
    const handles = [...records().values()].flatMap(({ held }) => [...held.keys()]);
    expect(new Set(handles).size).toBe(handles.length);
    expect(handles).toHaveLength((50 - lost.length) * 6);
    expect(handles.length).toBeLessThanOrEqual(free);
    expect(await askHubs(house, part)).toEqual(handles.map(() => 'held'));
  });

  test('the same call sent again decides nothing again; a call on what was worked out anew is told so', async () => {
    const { desk, records } = await redirectionMorning();
    const [first, second] = desk.list(null).redirections;
    if (!first || !second) throw new Error('there are too few proposals');
    const body = call(first);
    const answers = await Promise.all([1, 2, 3].map(() => desk.accept(first.id, body, A)));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['held']));
    const { events } = records().get(first.id) ?? { events: [] };
    expect(events.filter(({ type }) => type === 'accepted')).toHaveLength(1);
    const old = await problem(desk.accept(second.id, { key: randomUUID(), revision: second.revision + 1 }, A));
    expect(old.code).toBe('REDIRECTION_MOVED_ON');
    expect((await problem(desk.accept('nowhere', call(first), A))).code).toBe('UNKNOWN_REDIRECTION');
  });

  test('a lead may change the shares, take a decision back within a minute, and refuse with a reason', async () => {
    const morning = await redirectionMorning();
    const { house, part, desk, planner, holder } = morning;
    const first = morning.first();
    const share = first.shares.find(({ slots }) => slots > 1);
    if (!share) throw new Error('there is no share to change');
    const fewer = { ...call(first), shares: [{ practice: share.practice, slots: share.slots - 1 }] };
    const held = await desk.accept(first.id, fewer, A);
    expect(held.slots).toBe(first.slots - 1);
    expect(await askHubs(house, part)).toEqual(Array.from({ length: first.slots - 1 }, () => 'held'));
    const foreign = { ...call(first), shares: [{ practice: 'nobody', slots: 1 }] };
    const undone = await desk.undo(first.id, call(held), A);
    expect(undone.state).toBe('proposed');
    expect((await problem(desk.accept(first.id, { ...foreign, revision: undone.revision }, A))).code).toBe(
      'BAD_SHARES',
    );
    await holder.attend();
    expect(await askHubs(house, part)).not.toContain('held');
    const again = desk.one(first.id);
    const refused = await desk.refuse(first.id, { ...call(again), reason: 'too-far' }, A);
    expect(refused).toMatchObject({ state: 'refused', refusal: 'too-far' });
    await planner.run();
    const asked = desk.list(null).redirections.filter(({ state }) => state === 'proposed');
    expect(asked.some(({ hub, unit }) => hub === first.hub && unit === first.unit)).toBe(false);
    house.clock.set(house.clock.now() + 61_000);
    expect((await problem(desk.undo(first.id, call(refused), A))).code).toBe('UNDO_OVER');
  });

  test('a server that was killed between asking the hub and hearing of it finds its hold, and holds nothing twice', async () => {
    const morning = await redirectionMorning();
    const { house, desk } = morning;
    const first = morning.first();
    const before = heldIn(await atHubs(house));
    await desk.accept(first.id, call(first), A);
    // As a kill leaves it: the decision is on disk, the hub's answer is not, and a line was cut off in the middle.
    const lines = readFileSync(house.path, 'utf8').split('\n');
    const last = lines.findIndex((line) => line !== '' && (JSON.parse(line) as RedirectionEvent).type === 'held');
    writeFileSync(house.path, `${lines.slice(0, last).join('\n')}\n{"type":"held","at":17`);

    const restarted = house.begin();
    expect(restarted.desk.one(first.id).state).toBe('holding');
    await restarted.holder.attend();
    const found = restarted.desk.one(first.id);
    expect(found).toMatchObject({ state: 'held', slots: first.slots });
    expect([...(restarted.records().get(first.id)?.held.keys() ?? [])]).toHaveLength(first.slots);
    expect(await askHubs(house, restarted)).toEqual(Array.from({ length: first.slots }, () => 'held'));
    expect(heldIn(await atHubs(house)) - before).toBe(first.slots);
  });

  test('a hub that does not answer keeps nobody waiting: the decision stands, is carried out later, and nothing is held for ever', async () => {
    const outage = {
      type: 'feed-outage',
      from: '11:20',
      to: '11:40',
      target: 'cedar-booking',
      mode: 'status',
    } as const;
    const morning = await redirectionMorning({ at: '2026-01-12T11:19:00Z', events: [outage] });
    const { house, desk } = morning;
    const first = morning.first();
    house.clock.set(Date.parse('2026-01-12T11:21:00Z'));
    const waiting = await desk.accept(first.id, call(first), A);
    expect(waiting).toMatchObject({ state: 'holding', trouble: expect.stringContaining('does not answer') as string });

    // Another one reads the same ledger, with no back-off of its own.
    house.clock.set(Date.parse('2026-01-12T11:41:00Z'));
    const later = house.begin();
    await later.holder.attend();
    expect(later.desk.one(first.id)).toMatchObject({ state: 'held', trouble: '' });
    expect(await askHubs(house, later)).toContain('held');

    // Nobody attends to it any more: the hub itself lets go when its time is over.
    house.clock.set(Date.parse(later.desk.one(first.id).heldUntil) + 60_000);
    expect(await askHubs(house, later)).not.toContain('held');
    await later.holder.attend();
    await later.holder.attend();
    expect(['fulfilled', 'expired']).toContain(later.desk.one(first.id).state);
  });

  test('what if: a hub that closes places no more, one more clinician no fewer, and nothing is saved', async () => {
    const morning = await redirectionMorning();
    const { house, desk } = morning;
    const first = morning.first();
    const state = () => ({
      ledger: readFileSync(house.path, 'utf8'),
      seq: house.board.seq,
      revision: desk.revision,
      proposals: desk.list(null).redirections.map(({ id, revision, slots }) => ({ id, revision, slots })),
    });
    const before = state();
    const placed = ({ urgent = 0, untriaged = 0, soon = 0 }: Redirection['placed']) => urgent + untriaged + soon;
    const hours = { from: RAN_OUT, to: '2026-01-12T20:00:00Z' };

    const closed = await desk.whatIf({ changes: [{ what: 'close', hub: first.hub, ...hours }] });
    expect(placed(closed.then.placed)).toBeLessThan(placed(closed.now.placed));
    expect(closed.hubs.find(({ hub }) => hub === first.hub)).toMatchObject({ free: { then: 0 }, used: { then: 0 } });
    expect(closed.flows.filter(({ hub, then }) => hub === first.hub && then > 0)).toEqual([]);
    expect(closed.warnings[0]?.text).toContain('would have to move');
    expect(closed.gap).toBe(0);
    expect(closed.sentence).toContain('fewer');

    const more = await desk.whatIf({
      changes: [{ what: 'clinician', hub: first.hub, ...hours, minutes: 15, channel: 'in-person' }],
    });
    expect(placed(more.then.placed) + more.then.keptBack).toBeGreaterThanOrEqual(
      placed(more.now.placed) + more.now.keptBack,
    );
    expect(more.then.free).toBeGreaterThan(more.now.free);

    const bad = await problem(desk.whatIf({ changes: [{ what: 'without', practice: 'nobody' }] }));
    expect(bad).toMatchObject({ code: 'BAD_CHANGE', message: 'changes/0: there is no practice nobody' });
    const many = await Promise.allSettled(
      Array.from({ length: 6 }, () => desk.whatIf({ changes: [{ what: 'close', hub: first.hub, ...hours }] })),
    );
    const turnedDown = many.flatMap((each) => (each.status === 'rejected' ? [each.reason as RedirectionProblem] : []));
    expect(turnedDown.map(({ code }) => code)).toEqual(['TOO_MANY_QUESTIONS', 'TOO_MANY_QUESTIONS']);
    expect(state()).toEqual(before);
  });
});
