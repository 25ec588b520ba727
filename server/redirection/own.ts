import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import { fromInstant, HOUR, MINUTE, type EpochMs } from '#shared/model/time.ts';
import type { OwnAsked, OwnOffer, OwnPreview } from '#shared/protocol/redirections.ts';
import type { BoardView, Clock } from '../domain/ports.ts';
import type { Draft } from '../domain/redirection/drafts.ts';
import type { Ground } from '../domain/redirection/ground.ts';
import { peopleWaiting, type Counts } from '../domain/redirection/needs.ts';
import { freeOfStretch, ownChances, ownDraft, unitOver, type OwnGround } from '../domain/redirection/own-offer.ts';
import type { SlotWriter } from '../domain/redirection/ports.ts';
import { RedirectionProblem } from '../domain/redirection/problem-codes.ts';
import { applyEvent } from '../domain/redirection/record.ts';
import type { LastTimes } from './last-times.ts';
import type { Planner } from './planner.ts';
import { seenOf } from './seen.ts';
import { viewOf } from './view.ts';

export interface OwnDeps {
  readonly board: BoardView;
  readonly policy: RedirectionPolicy;
  readonly ground: Ground;
  readonly planner: Pick<Planner, 'lots' | 'needs'>;
  readonly lastTimes: Pick<LastTimes, 'before'>;
  readonly writer: Pick<SlotWriter, 'writes'>;
  readonly clock: Clock;
}

export interface OwnOffers {
  /** Throws `BAD_SHARES` and `SLOTS_GONE`. */
  draft(body: Pick<OwnOffer, 'hub' | 'from' | 'to' | 'shares'>): Draft;
  /** Who could have how many, and what the shares named would do. Writes nothing. */
  preview(body: OwnAsked): OwnPreview;
}

/** So many practices are named at most, those who can have some and most wait first. */
const NAMED = 60;

/** A lead's own offers, by the rules that proposals keep to. */
export function createOwn({ board, policy, ground, planner, lastTimes, writer, clock }: OwnDeps): OwnOffers {
  const { units } = board.definition;
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const nameOf = (id: string) => board.unit(id)?.name ?? id;
  const given = (): OwnGround => ({ ground, lots: planner.lots(), needs: planner.needs(), at: clock.now(), nameOf });

  const stretchOf = ({ hub, from, to }: Pick<OwnOffer, 'hub' | 'from' | 'to'>) => {
    const [first, last] = [fromInstant(from), fromInstant(to)];
    if (last <= first || last - first > 24 * HOUR)
      throw new RedirectionProblem('BAD_SHARES', 'It must end after it begins, within a day');
    if (byId.get(hub)?.siteKind !== 'hub') throw new RedirectionProblem('BAD_SHARES', `There is no hub ${hub}`);
    return { hub, from: first, to: last };
  };
  const draftOf = (own: OwnGround, body: Pick<OwnOffer, 'hub' | 'from' | 'to' | 'shares'>): Draft => {
    const stretch = stretchOf(body);
    const practices = body.shares.map(({ practice }) => practice);
    const stranger = practices.find((id) => byId.get(id)?.siteKind !== 'practice');
    if (stranger !== undefined) throw new RedirectionProblem('BAD_SHARES', `There is no practice ${stranger}`);
    const draft = ownDraft(own, stretch, body.shares);
    return { ...draft, unit: unitOver(byId, practices) || board.definition.id };
  };
  const viewed = (draft: Draft, needs: ReadonlyMap<string, Counts | null>, at: EpochMs) => {
    const seen = seenOf(board, draft, needs);
    const answerBy = at + policy.answerMinutes * MINUTE;
    const record = applyEvent(undefined, { type: 'proposed', at, id: 'preview', by: 'preview', draft, seen, answerBy });
    return viewOf({ board, policy, lots: null, lastTimes, writer }, record, at, null);
  };

  return {
    draft: (body) => draftOf(given(), body),
    preview(body) {
      const own = given();
      const stretch = stretchOf(body);
      const practices = [...ground.pairs].flatMap(([id, pairs]) =>
        pairs.some(({ hub }) => hub === stretch.hub) ? [id] : [],
      );
      const chances = ownChances(own, stretch, practices).sort(
        (a, b) =>
          Number(b.most > 0) - Number(a.most > 0) ||
          (b.waiting?.urgent ?? 0) - (a.waiting?.urgent ?? 0) ||
          peopleWaiting(b.waiting) - peopleWaiting(a.waiting) ||
          (a.km ?? Infinity) - (b.km ?? Infinity),
      );
      const shares = body.shares.filter(({ slots }) => slots > 0);
      let redirection: OwnPreview['redirection'] = null;
      let problem = '';
      try {
        if (shares.length > 0) redirection = viewed(draftOf(own, { ...body, shares }), own.needs, own.at);
      } catch (error) {
        if (!(error instanceof RedirectionProblem)) throw error;
        problem = error.message;
      }
      return {
        ...{ hub: body.hub, hubName: nameOf(body.hub), from: stretch.from, to: stretch.to },
        ...freeOfStretch(own, stretch),
        practices: chances.slice(0, NAMED).map((each) => {
          const unit = byId.get(each.practice)?.parent ?? board.definition.id;
          return { ...each, name: nameOf(each.practice), unit, unitName: nameOf(unit) };
        }),
        ...{ redirection, problem },
      };
    },
  };
}
