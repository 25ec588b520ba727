import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { fromInstant, MINUTE, toInstant } from '#shared/model/time.ts';
import type { Problem } from '#shared/protocol/api.ts';
import type { OwnAsked, OwnPreview } from '#shared/protocol/redirections.ts';
import { RAN_OUT, redirectionMorning } from '../support/redirection-morning.ts';
import { startServer } from '../support/server.ts';

/** Serves a place of which a part is further than anybody is sent. */
const HUB = 'X-SOUTHPORT-FORMBY-ENHANCED-ACCESS';
const TODAY = { from: RAN_OUT, to: '2026-01-12T21:00:00Z' };

/** A morning on which slots of the hub are asked about; `whole`: what it has for whom today. */
async function asked() {
  const { house, desk, planner, records } = await redirectionMorning();
  const { url } = await startServer(house.board, { redirections: desk, clock: house.clock });
  const post = async (body: OwnAsked) => {
    const answer = await request(`${url}/api/redirections/preview`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  const preview = async (body: OwnAsked) => {
    const answer = await post(body);
    expect(answer.status).toBe(200);
    return answer.body as OwnPreview;
  };
  const whole = await preview({ hub: HUB, ...TODAY, shares: [] });
  /** A quarter of an hour in which slots are free, and none that the practice could have. */
  const inPersonOnly = async (practice: string) => {
    for (let from = fromInstant('2026-01-12T12:00:00Z'); from < fromInstant(TODAY.to); from += 15 * MINUTE) {
      const hours = { from: toInstant(from), to: toInstant(from + 15 * MINUTE) };
      const { free, practices } = await preview({ hub: HUB, ...hours, shares: [] });
      const chance = practices.find((each) => each.practice === practice);
      if (free > 0 && chance?.most === 0 && chance.why === 'further than 8 km') return hours;
    }
    throw new Error('it could have some of all hours');
  };
  return { house, desk, planner, records, post, preview, inPersonOnly, whole };
}

describe('an offer of one’s own, looked at before it is made', () => {
  test('says of everybody how many they could have, or why none; and why more cannot be had', async () => {
    const { preview, inPersonOnly, whole } = await asked();
    const far = whole.practices.find(({ most }) => most > 0 && most < whole.free);
    if (!far) throw new Error('everybody could have all');
    for (const { own, most, why } of whole.practices) {
      expect(most).toBeLessThanOrEqual(own ? whole.free : whole.lendable);
      expect(why === '').toBe(most > 0);
    }
    const { name, practice, most } = far;
    const all = await preview({ hub: HUB, ...TODAY, shares: [{ practice, slots: most }] });
    expect(all).toMatchObject({
      problem: '',
      redirection: { slots: most, hub: HUB, state: 'proposed', shares: [{ practice }] },
    });
    const why = async (of: string, slots: number, within = TODAY) =>
      (await preview({ hub: HUB, ...within, shares: [{ practice: of, slots }] })).problem;
    expect(await why(practice, most + 1)).toBe(
      `${name} can have ${most} of ${most + 1}: the others are out of its reach`,
    );
    expect(await why(practice, whole.free + 1)).toBe(`1 of ${whole.free + 1} are not free: ${whole.free} are left`);
    const hours = await inPersonOnly(practice);
    expect(await why(practice, 1, hours)).toBe(`${name} cannot have any: further than 8 km`);
    expect(await why('NOBODY', 1)).toBe('There is no practice NOBODY');
    const twice = [practice, practice].map((each) => ({ practice: each, slots: 1 }));
    expect(await preview({ hub: HUB, ...TODAY, shares: twice })).toMatchObject({
      ...{ problem: 'A practice is named twice', redirection: null },
    });
    // Whoever is taken out again is asked for nothing.
    expect(await preview({ hub: HUB, ...hours, shares: [{ practice, slots: 0 }] })).toMatchObject({
      ...{ problem: '', redirection: null },
    });
  });

  test('is refused where there is no such hub, and of hours that are none; of another day nothing is free', async () => {
    const { post, preview, whole } = await asked();
    const [one] = whole.practices;
    const shares = [{ practice: one?.practice ?? '', slots: 1 }];
    const unlike = 'It must end after it begins, within a day';
    const { from, to } = TODAY;
    for (const [body, detail] of [
      [{ hub: 'NOWHERE', from, to }, 'There is no hub NOWHERE'],
      [{ hub: one?.practice ?? '', from, to }, `There is no hub ${one?.practice ?? ''}`],
      [{ hub: HUB, from: to, to: from }, unlike],
      [{ hub: HUB, from, to: from }, unlike],
      [{ hub: HUB, from, to: '2026-01-13T11:06:00Z' }, unlike],
    ] as const) {
      const answer = await post({ ...body, shares });
      expect([answer.status, answer.body as Problem]).toEqual([
        422,
        expect.objectContaining({ code: 'BAD_SHARES', detail }),
      ]);
    }
    for (const day of ['2026-01-11', '2026-01-13']) {
      const other = await preview({ hub: HUB, from: `${day}T10:00:00Z`, to: `${day}T14:00:00Z`, shares });
      expect(other).toMatchObject({ free: 0, lendable: 0, redirection: null });
      expect(other.problem).toBe('1 of 1 are not free: 0 are left');
      expect(new Set(other.practices.map(({ most, why }) => `${most} ${why}`))).toEqual(
        new Set(['0 no slot is free then']),
      );
    }
  });

  test('saves nothing: the list, the ledger and what is promised are as before', async () => {
    const { house, desk, planner, records, preview, whole } = await asked();
    const state = () => {
      // The same moment: until when it would be held moves on with the time.
      house.clock.set(fromInstant(RAN_OUT) + MINUTE);
      return {
        ledger: readFileSync(house.path, 'utf8'),
        events: [...records().values()].flatMap(({ events }) => events),
        revision: desk.revision,
        seq: house.board.seq,
        list: desk.list(null).redirections,
        free: planner.lots().lots,
      };
    };
    const before = state();
    const able = whole.practices.find(({ most }) => most > 1);
    const found = await preview({ hub: HUB, ...TODAY, shares: [{ practice: able?.practice ?? '', slots: 2 }] });
    expect(found.redirection).toMatchObject({ slots: 2, hub: HUB, decidedAt: null });
    expect(found.redirection?.effects.unit.after.score).toBeLessThanOrEqual(
      found.redirection?.effects.unit.before.score ?? -1,
    );
    expect(state()).toEqual(before);
  });
});
