import { describe, expect, it } from 'vitest';
import { MINUTE } from '$shared/model/time';
import { offersLine } from '../wall/hub-words.ts';
import { blockedBy } from './blocked.ts';
import {
  changed,
  countOf,
  cutTo,
  draftOf,
  effectOf,
  placedBy,
  practiceEffects,
  sharesKey,
  sharesOf,
  totalOf,
  whyNoMore,
} from './draft.ts';
import { AT, EACH_STATE, redirectionOf } from './fixture.ts';
import { drawFlows, figuresOf, flowsOf, inView, triedFlows, type Flow } from './flow.ts';
import { offerHours } from './offer-hours.ts';
import { inOrder, isListed, leadOf, leftOf, phaseOf } from './phases.ts';
import { rowsById } from './rows-by-id.ts';
import {
  bookedOf,
  sayEnd,
  sayLeft,
  sayNames,
  sayPlaced,
  sayPlacedInLine,
  saySlots,
  sayWay,
  shortName,
} from './words.ts';

const proposal = redirectionOf();
const state = (name: string) => {
  const found = EACH_STATE.find(([each]) => each === name)?.[1];
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const instant = (at: number) => new Date(at).toISOString();

describe('the list', () => {
  it('has proposals by rank, then what is held by its end, then what has ended', () => {
    const rows = inOrder([state('fulfilled'), state('held'), state('proposed'), state('last 5 minutes'), proposal]);
    expect(rows.map(({ id }) => id)).toEqual(['r1', 'proposed', 'last', 'held', 'fulfilled']);
  });

  it('says for ten minutes what came to nothing, for the day what was used, and never what was replaced', () => {
    for (const name of ['expired', 'released', 'refused', 'failed']) {
      expect(isListed(state(name), AT + 7 * MINUTE), name).toBe(true);
      expect(isListed(state(name), AT + 8 * MINUTE), name).toBe(false);
    }
    // What only a person could tell waits for one.
    for (const name of ['fulfilled', 'not told']) expect(isListed(state(name), AT + 300 * MINUTE), name).toBe(true);
    expect(isListed(state('withdrawn'), AT)).toBe(false);
  });

  it('keeps a proposal that was replaced while somebody looks, marked as such and last', () => {
    const seen = rowsById([proposal, state('proposed'), state('held')], null, AT);
    const rows = [...rowsById([state('proposed')], seen, AT).values()];
    expect(rows.map(({ id, state: now }) => `${id} ${now}`)).toEqual(['proposed proposed', 'r1 withdrawn']);
    expect([...rowsById([state('proposed')], null, AT).keys()]).toEqual(['proposed']);
  });

  it('leads with the best proposal, else with what ends soonest, else with nothing', () => {
    expect(leadOf([state('held'), state('proposed'), proposal])?.id).toBe('r1');
    expect(leadOf([state('held'), state('last 5 minutes')])?.id).toBe('last');
    expect(leadOf([state('fulfilled'), state('refused')])).toBeNull();
  });
});

describe('a hold', () => {
  it('drains to its end, its last five minutes apart', () => {
    expect(leftOf(state('held'), AT)).toEqual({ ms: 38 * MINUTE, share: 38 / 58, last: false });
    expect(leftOf(state('last 5 minutes'), AT).last).toBe(true);
    expect(leftOf(state('held'), AT + 60 * MINUTE)).toMatchObject({ ms: 0, share: 0 });
    expect(sayLeft(state('held'), AT)).toBe('38 min left');
    expect(sayLeft(state('held'), AT + 37.5 * MINUTE)).toBe('under a minute left');
  });

  it('of which nobody has told how many are booked says none, and not nought', () => {
    expect(bookedOf(proposal)).toBeNull();
    expect(bookedOf(state('held'))).toBe(3);
  });
});

describe('a changed offer', () => {
  it('adds up at once, and says other counts only where they are other', () => {
    const draft = changed(draftOf(proposal), 'swan-lane', -1);
    expect(totalOf(draft)).toBe(12);
    expect(sharesOf(draftOf(proposal), proposal)).toEqual({});
    expect(sharesOf(draft, proposal).shares).toContainEqual({ practice: 'swan-lane', slots: 6 });
    expect(sharesOf(changed(draft, 'swan-lane', 1), proposal)).toEqual({});
  });

  it('gives no practice more than wait there, nor all together more than the hub has', () => {
    const [swan] = proposal.shares;
    if (!swan) throw new Error('no share');
    const draft = draftOf(proposal);
    expect(whyNoMore(draft, swan, { ...proposal, spare: 0 })).toBe('The hub has no more slots in these hours');
    expect(whyNoMore(draft, swan, { ...proposal, spare: 0, borrowed: true })).toContain('lends no more');
    expect(whyNoMore(draft, swan, { ...proposal, spare: 7 })).toBe('');
    const full = changed(changed(draft, 'swan-lane', 1), 'swan-lane', 1);
    expect(countOf(full, 'swan-lane')).toBe(9);
    expect(whyNoMore(full, swan, { ...proposal, spare: 7 })).toBe('No more wait there');
  });

  it('places the most urgent of each practice first', () => {
    const draft = changed(changed(draftOf(proposal), 'swan-lane', -1), 'swan-lane', -1);
    expect(placedBy(draft, proposal)).toEqual({ urgent: 10, untriaged: 0, soon: 1 });
    expect(placedBy(draftOf(proposal), proposal)).toBe(proposal.placed);
  });

  it('of which slots are gone leaves nobody without theirs while another has more', () => {
    const cut = cutTo(draftOf(proposal), 6);
    expect([...cut.counts.values()]).toEqual([2, 2, 2]);
    expect(totalOf(cutTo(draftOf(proposal), 0))).toBe(0);
    expect(totalOf(cutTo(draftOf(proposal), 99))).toBe(13);
  });

  it('outlives being worked out again with the same result, in whatever order', () => {
    expect(sharesKey({ shares: [...proposal.shares].reverse() })).toBe(sharesKey(proposal));
    const other = proposal.shares.map((share) => ({ ...share, slots: share.slots + 1 }));
    expect(sharesKey({ shares: other })).not.toBe(sharesKey(proposal));
  });

  it('has its effect in proportion, and no level where none is known', () => {
    const { unit } = proposal.effects;
    expect(effectOf(unit, 0.5, [36, 61, 86]).after).toEqual({ score: 86.5, level: 4 });
    expect(effectOf(unit, 1, [])).toBe(unit);
    const unknown = { ...unit, before: { level: null, score: 90 }, after: { level: null, score: 70 } };
    expect(effectOf(unknown, 0.5, [36, 61, 86]).after).toEqual({ score: 80, level: null });
  });

  it('names practices whose level moves after the neighbourhood, worst first', () => {
    expect(practiceEffects(proposal, null, []).map(({ unit }) => unit)).toEqual(['rumworth', 'swan-lane']);
  });
});

describe('words', () => {
  it('count who waits now, never who is only expected', () => {
    expect(sayPlaced({ urgent: 3, soon: 1 }, { urgent: 5, soon: 4, expected: 9 })).toEqual({
      all: '4 of 9',
      urgent: '3 of 5 urgent',
    });
    expect(sayPlacedInLine({ urgent: 5 }, { urgent: 5, expected: 26 })).toBe('5 of 5 placed');
    expect(sayPlaced({ soon: 2 }, { soon: 3 }).urgent).toBe('none urgent');
  });

  it('say what, when and how far', () => {
    expect(saySlots(proposal)).toBe('13 slots 11am to 2pm');
    expect(sayWay(proposal)).toBe('2.1 km away');
    const rung = proposal.offered.map((slot) => ({ ...slot, channel: 'telephone' as const }));
    expect(sayWay({ km: null, offered: rung })).toBe('by telephone');
    expect(sayWay({ km: null, offered: proposal.offered })).toBe('');
    expect(sayNames(['A', 'B', 'C', 'D', 'E'])).toBe('A, B, C and 2 more');
    expect(shortName('Bootle hub (illustrative)')).toBe('Bootle hub');
  });

  it('say of each end what it came to', () => {
    expect(sayEnd(state('refused'))).toBe('Refused by Network lead: too far for our patients');
    expect(sayEnd(state('expired'))).toBe('The hold ended: 13 slots free again');
    expect(sayEnd(redirectionOf({ state: 'expired' }))).toBe('Nobody answered in time');
    expect(sayEnd(state('fulfilled'))).toMatch(/^It worked/);
    for (const [name, each] of EACH_STATE) {
      if (['ended', 'done', 'replaced'].includes(phaseOf(each))) expect(sayEnd(each), name).not.toBe('');
    }
  });

  it('say why nothing can be decided, and nothing while it can', () => {
    const live = { replay: null, line: 'live', lastFrameAt: AT } as const;
    expect(blockedBy(live)).toBe('');
    expect(blockedBy({ ...live, line: 'quiet' })).toBe('Not live since 9:42am');
    expect(blockedBy({ ...live, replay: { stream: 'r', speed: 1, shown: true, fault: null } })).toMatch(/replay/);
  });
});

describe('a wall', () => {
  it('says what is held and what could be placed, and nothing where there is neither', () => {
    expect(offersLine([proposal, state('held'), state('fulfilled')])).toBe(
      '13 slots held, 3 booked · 1 offer would place 13 patients who wait',
    );
    expect(offersLine([state('fulfilled'), redirectionOf({ placed: { expected: 4 } })])).toBe('');
  });
});

describe('flows', () => {
  const rows = { need: (practice: string) => practice, hub: (hub: string) => hub };
  const flows = flowsOf([proposal, state('held'), state('fulfilled')], 'r1', new Map([['swan-lane', 1]]), rows);

  it('show the counts as they are being changed, and nothing of what has ended', () => {
    expect(flows.filter(({ kind }) => kind === 'selected').map(({ slots }) => slots)).toEqual([1, 4, 2]);
    expect(new Set(flows.map(({ kind }) => kind))).toEqual(new Set(['selected', 'held']));
  });

  it('are one ribbon for each row that stands for several practices', () => {
    const folded = flowsOf([proposal], null, null, { need: () => 'rumworth', hub: () => 'bolton' });
    expect(folded).toEqual([{ id: 'r1', need: 'rumworth', hub: 'bolton', slots: 13, kind: 'other' }]);
  });

  it('of what is tried out are one of a kind between two rows, though many practices and hubs stand in them', () => {
    const told = [
      { practice: 'swan-lane', hub: 'bolton-1', now: 3, then: 1 },
      { practice: 'swan-lane', hub: 'bolton-2', now: 0, then: 4 },
      { practice: 'pikes-lane', hub: 'bolton-1', now: 2, then: 5 },
      { practice: 'elsewhere', hub: 'bolton-1', now: 9, then: 9 },
    ];
    const need = (practice: string) => (practice === 'elsewhere' ? null : 'rumworth');
    const tried = triedFlows(told, { need, hub: () => 'bolton' });
    expect(tried.map(({ kind, slots }) => [kind, slots])).toEqual([
      ['plan', 3],
      ['gone', 2],
      ['selected', 7],
    ]);
    const at = new Map([['rumworth', 100]]);
    const { ribbons } = drawFlows(tried, at, new Map([['bolton', 100]]), { from: 20, to: 100 });
    expect(new Set(ribbons.map(({ key }) => key)).size).toBe(3);
  });

  it('are counted, not drawn, where their row is out of view, but for what is selected', () => {
    const flow = (need: string, kind: Flow['kind'] = 'other'): Flow => ({ id: need, need, hub: 'hub', slots: 2, kind });
    const flows = [
      flow('seen'),
      flow('up'),
      flow('down'),
      flow('deep'),
      flow('chosen', 'selected'),
      flow('held', 'held'),
    ];
    const below = { y: 300, out: 'below' } as const;
    const needs = new Map<string, { y: number; out: 'above' | 'below' | null }>([
      ['seen', { y: 80, out: null }],
      ['up', { y: 26, out: 'above' }],
      ...['down', 'deep', 'chosen', 'held'].map((id) => [id, below] as const),
    ]);
    const shown = inView(flows, needs);
    expect(shown.flows.map(({ need }) => need)).toEqual(['seen', 'chosen']);
    expect(shown.beyond).toEqual([
      { side: 'above', y: 26, rows: 1 },
      { side: 'below', y: 300, rows: 3 },
    ]);
  });

  it('say one figure at the edge for all rows that are out of view there', () => {
    const at = new Map([
      ['swan-lane', 100],
      ['st-helens', 300],
      ['pikes-lane', 300],
    ]);
    expect(figuresOf(flows, at).rows.map(({ slots, y }) => [slots, y])).toEqual([
      [1, 100],
      [6, 300],
    ]);
  });

  it('lie side by side within their rows, the selected on top, and leave out rows that are not there', () => {
    const needs = new Map([
      ['swan-lane', 100],
      ['st-helens', 140],
    ]);
    const { ribbons, ends } = drawFlows(flows, needs, new Map([['hub', 200]]), { from: 20, to: 100 });
    expect(ribbons.map(({ kind }) => kind)).toEqual(['held', 'held', 'selected', 'selected']);
    const height = ribbons.reduce((sum, { width }) => sum + width, 0);
    expect(ends).toHaveLength(1);
    expect(ends[0]?.height).toBeCloseTo(height, 0);
    expect((ends[0]?.y ?? 0) + height / 2).toBeCloseTo(200, 0);
  });
});

describe('the hours of its hub', () => {
  it('stand apart from what is free for others before it is held, and from what others hold after', () => {
    const hour = Math.floor(proposal.from / 3_600_000) * 3_600_000;
    const hub = { slots: null, hours: [{ from: hour, free: 9, booked: 3, held: 8 }] };
    expect(offerHours(hub, proposal, AT)).toEqual([{ from: hour, offered: 11, free: 0, taken: 11 }]);
    expect(offerHours(hub, { ...proposal, state: 'held' }, AT)).toEqual([
      { from: hour, offered: 11, free: 9, taken: 3 },
    ]);
    expect(instant(hour)).toContain('11:00');
  });
});
