import Type, { type Static } from 'typebox';
import { LevelSchema } from '../model/level.ts';
import { RedirectionStateSchema, RefusalSchema, type NeedKind } from '../model/redirection-words.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const EpochMs = Type.Number({ description: 'epoch milliseconds' });
const Count = Type.Integer({ minimum: 0 });

/** People in need by kind; a kind that is left out is none. */
export const NeedCountsSchema = Type.Partial(
  Type.Object({ urgent: Count, untriaged: Count, soon: Count, expected: Count } satisfies Record<
    NeedKind,
    Type.TSchema
  >),
);
export type NeedCounts = Static<typeof NeedCountsSchema>;

/** Pressure of one unit as it is and as it would be; a level is null where it is not known. */
export const EffectSchema = Type.Object({
  unit: Type.String(),
  name: Type.String(),
  before: Type.Object({ level: Nullable(LevelSchema), score: Nullable(Type.Number()) }),
  after: Type.Object({ level: Nullable(LevelSchema), score: Nullable(Type.Number()) }),
});
export type Effect = Static<typeof EffectSchema>;

/** Did it work: a practice's pressure afterwards, what it would be had those booked still waited, what the offer had said. */
export const FollowedSchema = Type.Object({
  practice: Type.String(),
  name: Type.String(),
  with: EffectSchema.properties.after,
  without: EffectSchema.properties.after,
  promised: EffectSchema.properties.after,
});
export type Followed = Static<typeof FollowedSchema>;

/** What one practice gets of it. */
export const ShareSchema = Type.Object({
  practice: Type.String(),
  name: Type.String(),
  /** Slots offered or held for it; `placed` of them by kind of need. */
  slots: Count,
  placed: NeedCountsSchema,
  /** Who waited there without a slot when this was worked out, by kind. */
  waiting: NeedCountsSchema,
  /** As the crow flies; null where a position is not known or every slot is by telephone. */
  km: Nullable(Type.Number()),
  /** Booked so far; null before anything is held. */
  booked: Nullable(Count),
  /** Who said for the practice that it has seen this, and when. */
  acknowledged: Nullable(Type.Object({ by: Type.String(), at: Instant })),
});
export type Share = Static<typeof ShareSchema>;

/** Slots of one kind at one start that belong to it. */
export const OfferedSlotSchema = Type.Object({
  start: EpochMs,
  minutes: Type.Integer({ minimum: 1 }),
  channel: Nullable(Type.Enum(['in-person', 'telephone', 'video'])),
  role: Nullable(Type.String()),
  service: Nullable(Type.String()),
  count: Type.Integer({ minimum: 1 }),
  /** For whom; of the shares. */
  practice: Type.String(),
  /** Of `count`, booked; null before anything is held. */
  booked: Nullable(Count),
});
export type OfferedSlot = Static<typeof OfferedSlotSchema>;

/** How the hub is told: its system is written to, or somebody rings. */
export const InstructionSchema = Type.Union([
  Type.Object({ way: Type.Literal('written') }),
  Type.Object({ way: Type.Literal('by-telephone'), telephone: Nullable(Type.String()), text: Type.String() }),
]);

/** One step, newest last: who did what, when, and in words. */
export const StepSchema = Type.Object({
  at: Instant,
  by: Type.String(),
  what: Type.String(),
  text: Type.String(),
});

export const RedirectionSchema = Type.Object({
  id: Type.String(),
  /** Rises with every change; a decision names the one it is based on. */
  revision: Type.Integer({ minimum: 1 }),
  state: RedirectionStateSchema,
  /** Order among the proposals, from 1: urgent placed, then distance. Null once decided. */
  rank: Nullable(Type.Integer({ minimum: 1 })),
  hub: Type.String(),
  hubName: Type.String(),
  /** Neighbourhood (or place, where there is none) whose practices it is offered to, and whose lead decides. */
  unit: Type.String(),
  unitName: Type.String(),
  slots: Count,
  /** First start and end of the last slot. */
  from: EpochMs,
  to: EpochMs,
  /** Mean over the slots, as the crow flies; null where it is not known or all are by telephone. */
  km: Nullable(Type.Number()),
  /** Placed of those who wait there, by kind. */
  placed: NeedCountsSchema,
  waiting: NeedCountsSchema,
  /** One sentence for people, figures marked `**bold**`. */
  sentence: Type.String(),
  /** What the hub's slots are for and not for, in words; empty where nothing is stated. */
  fit: Type.String(),
  /** Lent across a neighbourhood's border. */
  borrowed: Type.Boolean(),
  effects: Type.Object({ unit: EffectSchema, hub: EffectSchema, practices: Type.Array(EffectSchema) }),
  /** The hub's share of today's slots that is taken, before and after; null where it is not known. */
  taken: Nullable(Type.Object({ before: Type.Number(), after: Type.Number() })),
  /** So many more slots could be had than are offered: free in its hours, and no more than are lent. 0 once decided. */
  spare: Count,
  shares: Type.Array(ShareSchema),
  offered: Type.Array(OfferedSlotSchema),
  instruction: InstructionSchema,
  proposedAt: Instant,
  /** Nobody has answered by then: it lapses. Null once decided. */
  answerBy: Nullable(Instant),
  /** Until when it would be held if it were accepted now, or is held. */
  heldUntil: Instant,
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(Instant),
  /** A decision can be taken back until then; null where it cannot. */
  undoUntil: Nullable(Instant),
  refusal: Nullable(RefusalSchema),
  /** Until when it would be held if it were kept longer; null where it cannot be. */
  keptUntil: Nullable(Instant),
  /**
   * Booked, went back unbooked, and not attended, of the slots held, each null while nobody has told; null before anything
   * is held.
   */
  outcome: Nullable(Type.Object({ booked: Nullable(Count), returned: Nullable(Count), notAttended: Nullable(Count) })),
  /** What it came to, in a sentence; empty while that is open. */
  result: Type.String(),
  /** Of the same hub for the same neighbourhood, the last that was held before: when, and what it came to; null: not known. */
  lastTime: Nullable(Type.Object({ at: Instant, text: Type.String() })),
  /** Looked at when it ended, or two hours after it was held; null before. */
  followed: Nullable(Type.Object({ at: Instant, practices: Type.Array(FollowedSchema) })),
  /** What went wrong on the way and is being mended (the hub does not answer); empty when nothing did. */
  trouble: Type.String(),
  steps: Type.Array(StepSchema),
});
export type Redirection = Static<typeof RedirectionSchema>;

/** More slots that would help most: found by working it out again with them. */
export const HelpSchema = Type.Object({
  hub: Type.String(),
  hubName: Type.String(),
  slots: Count,
  from: EpochMs,
  to: EpochMs,
  places: Count,
  text: Type.String(),
});

/** `GET /api/redirections`: proposals and decisions of today, ranked; with `unit` those that concern it. */
export const RedirectionsSchema = Type.Object({
  at: Instant,
  /** Rises whenever anything in the list changes. */
  revision: Type.Integer(),
  simulated: Type.Boolean(),
  /** When the proposals were worked out, in how many real milliseconds, and how far from the best they can be (0: proven best). */
  solved: Nullable(Type.Object({ at: Instant, tookMs: Type.Number(), gap: Type.Number() })),
  /**
   * Everybody in scope who waits without a slot, those of them that the open proposals would place, free hub slots, and how
   * many of these are kept for people who have not asked yet.
   */
  waiting: NeedCountsSchema,
  placeable: NeedCountsSchema,
  free: Nullable(Count),
  keptBack: Nullable(Count),
  /** One sentence on all of it. */
  sentence: Type.String(),
  /** Why there is no proposal, in words; empty where there is one. */
  nothing: Type.String(),
  help: Type.Array(HelpSchema),
  redirections: Type.Array(RedirectionSchema),
});
export type Redirections = Static<typeof RedirectionsSchema>;

/** The same key always gets the same answer: a call can be sent again. */
const Key = Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9-]+$' });
const Base = { key: Key, revision: Type.Integer({ minimum: 1 }) };

/** Counts by practice; `least` of each. */
const SharesSchema = (least: 0 | 1, list: { readonly minItems?: number } = {}) =>
  Type.Array(
    Type.Object(
      { practice: Type.String({ maxLength: 64 }), slots: Type.Integer({ minimum: least, maximum: 500 }) },
      { additionalProperties: false },
    ),
    { ...list, maxItems: 100 },
  );

/** `POST …/accept`. `shares`: other counts than those proposed, by practice; left out: as proposed. */
export const AcceptSchema = Type.Object(
  {
    ...Base,
    shares: Type.Optional(SharesSchema(0)),
  },
  { additionalProperties: false },
);
export type Accept = Static<typeof AcceptSchema>;
export const RefuseSchema = Type.Object({ ...Base, reason: RefusalSchema }, { additionalProperties: false });
/** `POST …/release`, `…/keep` (longer, once), `…/undo`. */
export const DecideSchema = Type.Object(Base, { additionalProperties: false });
export const AcknowledgeSchema = Type.Object(
  { ...Base, practice: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
);
/** `POST …/fulfil`: how many were booked, told by a person, where the hub's system does not say. */
export const FulfilSchema = Type.Object(
  { ...Base, booked: Type.Integer({ minimum: 0, maximum: 500 }) },
  { additionalProperties: false },
);
/** Free slots of a hub that begin in [from, to). */
const StretchFields = { hub: Type.String({ minLength: 1, maxLength: 64 }), from: Instant, to: Instant };
/** `POST /api/redirections`: a lead's own offer of a hub's free slots. */
export const OwnOfferSchema = Type.Object(
  { key: Key, ...StretchFields, shares: SharesSchema(1, { minItems: 1 }) },
  { additionalProperties: false },
);
export type OwnOffer = Static<typeof OwnOfferSchema>;

/** `POST /api/redirections/preview`: a stretch of a hub's slots, and whom somebody thinks of giving them. */
export const OwnAskedSchema = Type.Object(
  { ...StretchFields, shares: SharesSchema(0) },
  { additionalProperties: false },
);
export type OwnAsked = Static<typeof OwnAskedSchema>;

/** Who could have any of it by the rules that proposals keep to, and what these shares would do. */
export const OwnPreviewSchema = Type.Object({
  hub: Type.String(),
  hubName: Type.String(),
  from: EpochMs,
  to: EpochMs,
  /** Free in the stretch, and so many of them at most for practices that the hub does not serve. */
  free: Count,
  lendable: Count,
  practices: Type.Array(
    Type.Object({
      practice: Type.String(),
      name: Type.String(),
      unit: Type.String(),
      unitName: Type.String(),
      km: Nullable(Type.Number()),
      /** The hub serves it: nothing is lent. */
      own: Type.Boolean(),
      /** Null: not known. */
      waiting: Nullable(NeedCountsSchema),
      /** So many at most if it were alone; `why` where none. */
      most: Count,
      why: Type.String(),
    }),
  ),
  /** As it would be offered; null while no share is named, or these cannot be had. */
  redirection: Nullable(RedirectionSchema),
  /** Why these cannot be had; empty: they can. */
  problem: Type.String(),
});
export type OwnPreview = Static<typeof OwnPreviewSchema>;
