import Type, { type Static } from 'typebox';
import { EffectSchema, NeedCountsSchema } from './redirections.ts';

const Instant = Type.String({ format: 'date-time' });
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Count = Type.Integer({ minimum: 0 });
const Slots = Type.Integer({ minimum: 1, maximum: 200 });
const strict = { additionalProperties: false };

/** One thing that is otherwise than it is; times within today. */
const Changes = Type.Union([
  /** A hub offers nothing that begins in [from, to). */
  Type.Object({ what: Type.Literal('close'), hub: Id, from: Instant, to: Instant }, strict),
  /** One more person sees patients there, slot after slot. */
  Type.Object(
    {
      ...{ what: Type.Literal('clinician'), hub: Id, from: Instant, to: Instant },
      minutes: Type.Integer({ minimum: 5, maximum: 60 }),
      channel: Type.Enum(['in-person', 'telephone', 'video']),
    },
    strict,
  ),
  /** So many free slots that begin in the hour from `from` begin in the hour from `to` instead. */
  Type.Object({ what: Type.Literal('move'), hub: Id, from: Instant, to: Instant, slots: Slots }, strict),
  /** So many of a practice's patients go to that hub, whatever would be best; its earliest slots. */
  Type.Object({ what: Type.Literal('send'), hub: Id, practice: Id, slots: Slots }, strict),
  /** A practice's patients are left out. */
  Type.Object({ what: Type.Literal('without'), practice: Id }, strict),
]);
export type Change = Static<typeof Changes>;
/** `what` decides which of them is meant, so that what is wrong is said of that one alone. */
const ChangeSchema = Type.Unsafe<Change>({
  ...{ type: 'object', required: ['what'] },
  discriminator: { propertyName: 'what' },
  oneOf: Changes.anyOf,
});

/** `POST /api/redirections/what-if`: the plan as it is beside the plan with these changes. Saves and offers nothing. */
export const WhatIfSchema = Type.Object({ changes: Type.Array(ChangeSchema, { minItems: 1, maxItems: 20 }) }, strict);
export type WhatIf = Static<typeof WhatIfSchema>;

const NowThen = Type.Object({ now: Count, then: Count });
/** What a plan comes to. `keptBack`: free slots kept for people who have not asked yet. */
export const PlanTotalsSchema = Type.Object({
  waiting: NeedCountsSchema,
  placed: NeedCountsSchema,
  free: Count,
  keptBack: Count,
});
export type PlanTotals = Static<typeof PlanTotalsSchema>;

export const WhatIfResultSchema = Type.Object({
  at: Instant,
  tookMs: Type.Number(),
  gap: Type.Number(),
  /** What is lost by it, before what is gained. `change`: which one. */
  warnings: Type.Array(Type.Object({ change: Count, text: Type.String() })),
  /** One sentence, figures marked `**bold**`. */
  sentence: Type.String(),
  now: PlanTotalsSchema,
  then: PlanTotalsSchema,
  /** Hubs and practices for which it makes a difference, in the definition's order. */
  hubs: Type.Array(Type.Object({ hub: Type.String(), name: Type.String(), free: NowThen, used: NowThen })),
  practices: Type.Array(
    Type.Object({ practice: Type.String(), name: Type.String(), placed: NowThen, urgent: NowThen }),
  ),
  /** Every pair that either plan sends patients between. */
  flows: Type.Array(Type.Object({ practice: Type.String(), hub: Type.String(), now: Count, then: Count })),
  /** Pressure with the plan as it is (`before`) and with the change (`after`), where they differ; the largest first. */
  effects: Type.Array(EffectSchema),
});
export type WhatIfResult = Static<typeof WhatIfResultSchema>;
