import Type, { type Static } from 'typebox';
import { NEED_KINDS, NeedKindSchema } from './redirection-words.ts';
import { Literals } from './literals.ts';

/** A number of the objective, and in words what it stands for: nobody may weigh patients without saying why. */
const weight = (options: { minimum: number; maximum: number }) =>
  Type.Object(
    { value: Type.Number(options), because: Type.String({ minLength: 10, maxLength: 300 }) },
    { additionalProperties: false },
  );
const Worth = weight({ minimum: 0, maximum: 1000 });
const Cost = weight({ minimum: 0, maximum: 100 });
const Share = weight({ minimum: 0, maximum: 1 });

/** What is true of one hub beyond its register entry. */
export const HubTermsSchema = Type.Object(
  {
    hub: Type.String({ minLength: 1 }),
    /** Rung where its system cannot be written to. */
    telephone: Type.Optional(Type.String({ pattern: '^[0-9 +()-]{6,24}$' })),
    /** Kinds of need it takes; left out: all. */
    takes: Type.Optional(Type.Array(NeedKindSchema, { minItems: 1 })),
    /** Words for people: whom it sees and whom not. Clinical suitability stays with a person. */
    fit: Type.Optional(Type.String({ minLength: 3, maxLength: 200 })),
    /** Minutes from midnight, local, before which its slots of the day may not be offered. */
    embargoUntil: Type.Optional(Type.String({ pattern: '^\\d\\d:\\d\\d$' })),
    /** Units whose practices may use it; left out: as the borrowing policy says. */
    only: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
  },
  { additionalProperties: false },
);
export type HubTerms = Static<typeof HubTermsSchema>;

/** `redirection.yaml`: how hub slots are offered. A system without the file goes by the product's own. */
export const RedirectionPolicySchema = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    objective: Type.Object(
      {
        /** What it is worth to place one patient of each kind. */
        place: Type.Object(
          Object.fromEntries(NEED_KINDS.map((kind) => [kind, Worth])) as Record<
            (typeof NEED_KINDS)[number],
            typeof Worth
          >,
        ),
        /** Taken off for every hour until the slot begins. */
        perHour: Cost,
        /** Taken off for every kilometre (straight) to a slot in person; telephone and video have none. */
        perKm: Cost,
        /** Added where the hub serves the practice's own neighbourhood or place. */
        own: Worth,
        /** Added where it was proposed the last time: what somebody is reading should not jump about. */
        keep: Worth,
        /** Share by which a patient of the most deprived fifth counts more than one of the least. */
        deprived: Share,
        /** Share by which a practice that received nothing for its need lately counts more than one that received all. */
        owed: Share,
      },
      { additionalProperties: false },
    ),
    reach: Type.Object(
      {
        /** Kilometres (straight) that a patient is sent to a slot in person. */
        inPersonKm: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
        /** How far a neighbourhood's minutes may be lent: not at all, within its place, or in the whole system. */
        lend: Literals(['none', 'place', 'system'] as const),
        /** Share of each lot of free slots that a hub keeps for its own practices where lending is allowed. */
        keepBack: Share,
      },
      { additionalProperties: false },
    ),
    /** Minutes from now before which no slot is offered: somebody has to ring the patient, who has to get there. */
    notice: Type.Object(
      { inPerson: Type.Integer({ minimum: 0, maximum: 1440 }), remote: Type.Integer({ minimum: 0, maximum: 1440 }) },
      { additionalProperties: false },
    ),
    /** Hours within which each kind must be seen. */
    within: Type.Object(
      Object.fromEntries(NEED_KINDS.map((kind) => [kind, Type.Number({ exclusiveMinimum: 0, maximum: 72 })])) as Record<
        (typeof NEED_KINDS)[number],
        Type.TNumber
      >,
    ),
    /** Slots are offered in lots that begin in the same stretch of this many minutes from midnight. */
    lotMinutes: Type.Integer({ minimum: 15, maximum: 720 }),
    /** Minutes: an unanswered proposal lapses; how long a hold lasts, by how much it can be made longer; a hold ends so long before the slot. */
    answerMinutes: Type.Integer({ minimum: 1, maximum: 240 }),
    holdMinutes: Type.Integer({ minimum: 5, maximum: 480 }),
    keepMinutes: Type.Integer({ minimum: 5, maximum: 240 }),
    endsBeforeMinutes: Type.Integer({ minimum: 0, maximum: 240 }),
    /** After a refusal the same hub and neighbourhood are not proposed to each other for so many minutes. */
    quietMinutes: Type.Integer({ minimum: 0, maximum: 720 }),
    hubs: Type.Array(HubTermsSchema),
  },
  { additionalProperties: false },
);
export type RedirectionPolicy = Static<typeof RedirectionPolicySchema>;
