import Type, { type Static } from 'typebox';
import { Literals } from '../model/literals.ts';
import type { Refusal } from '../model/refusals.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const Count = Type.Integer({ minimum: 0 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Minutes = Type.Number({ minimum: 0 });

/** How redirections of one week went for one unit. Counts are slots; null is not known, never none. */
export const ScoreLineSchema = Type.Object({
  unit: Type.String(),
  name: Type.String(),
  kind: Literals(['system', 'place', 'neighbourhood'] as const),
  parent: Nullable(Type.String()),
  /** Steps beneath the first line. */
  depth: Count,
  population: Nullable(Type.Number()),
  /** Offers that were answered or lapsed. */
  redirections: Count,
  /** In them: of these accepted, and of those held at the hub. */
  offered: Count,
  accepted: Count,
  held: Count,
  /** By patients, as far as it was told; of `notTold` slots held it was not. */
  booked: Nullable(Count),
  notTold: Count,
  /** Booked and not missed, of the `attendedOf` of which it was told. */
  attended: Nullable(Count),
  attendedOf: Count,
  /** Held and gone back unbooked. */
  returned: Nullable(Count),
  /** Offered, and nobody answered in time: what was offered again that day counts once. */
  lapsed: Count,
  /** Offered and refused, by reason. */
  refused: Type.Partial(
    Type.Object({
      ...{ 'too-far': Count, 'not-suitable': Count, 'placed-already': Count, 'hub-needed': Count },
    } satisfies Record<Refusal, Type.TSchema>),
  ),
  /** Of the slots booked for its patients; and for each 1,000 of them. */
  minutes: Nullable(Minutes),
  minutesPer1000: Nullable(Minutes),
  /** The same of its own hubs' slots, whoever's patients booked them: rescued from going unused. Null: it has no hub. */
  hubs: Nullable(Type.Object({ count: Count, minutes: Nullable(Minutes), minutesPer1000: Nullable(Minutes) })),
  /** Mean of those booked in person, as the crow flies. */
  km: Nullable(Type.Number()),
  /** Of those booked, by telephone or video. */
  remoteShare: Nullable(Share),
  /** Median, from proposed to decided by a person. */
  minutesToDecide: Nullable(Minutes),
  /** Of the urgent need shown (people), the part met: of all, of practices of the most and the least deprived fifth. */
  fairness: Type.Object({
    need: Count,
    met: Nullable(Share),
    mostDeprived: Nullable(Share),
    leastDeprived: Nullable(Share),
    /** Mean difference between two practices' parts; null with fewer than two. */
    unevenness: Nullable(Share),
  }),
  /** Mean score of practices afterwards, and what it would have been had those booked still waited (estimated). */
  pressure: Nullable(Type.Object({ with: Type.Number(), without: Type.Number(), looks: Count })),
});
export type ScoreLine = Static<typeof ScoreLineSchema>;

/** `GET /api/redirections/scorecard`: a line for the unit asked for, then one for each group beneath it. */
export const ScorecardSchema = Type.Object({
  /** ISO week, `2026-W03`. */
  week: Type.String(),
  from: Instant,
  /** Start of the next Monday in London. */
  to: Instant,
  /** 168, or 167 or 169 where the clocks change. */
  hours: Type.Number(),
  at: Instant,
  /** It is not over. */
  current: Type.Boolean(),
  simulated: Type.Boolean(),
  /** Minutes a week for each 1,000 people that are agreed. */
  agreed: Type.Number(),
  unit: Type.String(),
  previous: Type.String(),
  next: Nullable(Type.String()),
  lines: Type.Array(ScoreLineSchema),
});
export type Scorecard = Static<typeof ScorecardSchema>;
