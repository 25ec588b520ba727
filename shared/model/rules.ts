import Type, { type Static } from 'typebox';
import { LevelSchema } from './level.ts';
import { SiteKindSchema } from './site-kind.ts';

/** Three cut-offs, mildest first: passing the first gives 1 point, the second 2, the third 3. */
const Cutoffs = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);

export const IndicatorRuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    label: Type.String({ minLength: 1 }),
    metric: Type.String(),
    siteKinds: Type.Array(SiteKindSchema, { minItems: 1 }),
    /** `high`: more is worse. `low`: less is worse. */
    direction: Type.Union([Type.Literal('high'), Type.Literal('low')]),
    /**
     * `absolute`: cut-offs in the metric's unit. `usual-ratio`: value / own normal. `usual-difference`: value - own normal.
     * `per-1000`: value per 1,000 registered patients. `safe-contacts`: value / the rules' own safe number of contacts.
     */
    against: Type.Union([
      Type.Literal('absolute'),
      Type.Literal('usual-ratio'),
      Type.Literal('usual-difference'),
      Type.Literal('per-1000'),
      Type.Literal('safe-contacts'),
    ]),
    cutoffs: Cutoffs,
    weight: Type.Number({ exclusiveMinimum: 0 }),
    /**
     * Phrase of the driver; `{value}`, `{usual}`, `{over}` (per cent above 1), `{time}` (when slots ran out), `{count}`
     * (the count behind a share) and `{target}` (of the worst queue) are filled in. Alternatives stand between `|`: the
     * first that can be filled is used.
     */
    sentence: Type.String({ minLength: 1 }),
    /** At most four words, for walls. */
    brief: Type.String({ minLength: 1 }),
    /** Local times of day between which it counts (default: whenever the site is open). */
    from: Type.Optional(Type.String({ pattern: '^\\d\\d:\\d\\d$' })),
    to: Type.Optional(Type.String({ pattern: '^\\d\\d:\\d\\d$' })),
    /** Below this denominator (calls in the window, shifts) the indicator says nothing. */
    minimumBase: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export type IndicatorRule = Static<typeof IndicatorRuleSchema>;

/** Contacts a day that the British Medical Association calls safe for a GP; NHS England names no such number. */
export const SAFE_CONTACTS = 25;

export const RulesSchema = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    reason: Type.String({ minLength: 1 }),
    published: Type.String(),
    by: Type.String(),
    /** Score at which levels 2, 3 and 4 start. */
    levels: Cutoffs,
    /** Share of the possible points (sites) or of the population (groups) below which the level is unknown. */
    minimumCoverage: Type.Number({ minimum: 0, maximum: 1 }),
    hysteresis: Type.Object(
      {
        /** Readings in a row above a level's start before it rises. */
        riseAfter: Type.Integer({ minimum: 1 }),
        /** The score must stay this far under a level's start … */
        fallMargin: Type.Number({ minimum: 0 }),
        /** … for this long before it falls. In any such span a unit's level changes direction at most once. */
        fallAfterMinutes: Type.Number({ minimum: 0, maximum: 1440 }),
        /** Further levels fall one at a time, so long after one another; as `fallAfterMinutes` where absent. */
        fallStepMinutes: Type.Optional(Type.Number({ minimum: 0, maximum: 1440 })),
      },
      { additionalProperties: false },
    ),
    /** Uplift of a group's score for concentrated distress: share of population at level 3 or more times this, never above the worst part. */
    uplift: Type.Number({ minimum: 0, maximum: 100 }),
    /**
     * A floor beside the uplift: a group whose open practices at level `part` or more have at least `share` of its open
     * patients (0 where absent: any of them) is at least at level `least`, which is never above `part`.
     */
    concentrated: Type.Optional(
      Type.Object(
        {
          part: Type.Union([Type.Literal(3), Type.Literal(4)]),
          least: LevelSchema,
          share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        },
        { additionalProperties: false },
      ),
    ),
    /**
     * The most deprived fifth is under-represented in a group where the share of its patients whose practices are known
     * is more than `gap` below that of the others; absent: 0.05.
     */
    deprivation: Type.Optional(
      Type.Object({ gap: Type.Number({ minimum: 0, maximum: 1 }) }, { additionalProperties: false }),
    ),
    /** Figures that indicators are judged against by name. `safeContacts`: a clinician's in a day; absent: 25 (BMA). */
    parameters: Type.Optional(
      Type.Object(
        { safeContacts: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 200 })) },
        { additionalProperties: false },
      ),
    ),
    indicators: Type.Array(IndicatorRuleSchema, { minItems: 1 }),
    /** One indicator at this many points forces at least this level. */
    escalators: Type.Array(
      Type.Object(
        {
          indicator: Type.String(),
          points: Type.Integer({ minimum: 1, maximum: 3 }),
          level: LevelSchema,
          reason: Type.String(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Rules = Static<typeof RulesSchema>;
