import Type, { type Static } from 'typebox';
import { Literals } from '../model/literals.ts';
import { FrameClockSchema } from './live.ts';
import {
  LEAST_BRIGHT,
  MOST_MESSAGE,
  MOST_NAME,
  MOST_SCENES,
  PAIRING_CODE,
  SCENE_KINDS,
  SCENE_SECONDS,
} from './screen-names.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
/** London time of day, `07:00`. */
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

export { PAIRING_ALPHABET, PAIRING_CODE, SCENE_KINDS, type SceneKind } from './screen-names.ts';

/** One picture of a wall's rotation. */
export const SceneSchema = Type.Object(
  {
    kind: Literals(SCENE_KINDS),
    seconds: Type.Integer({ minimum: SCENE_SECONDS.least, maximum: SCENE_SECONDS.most }),
    /** What a message says; nothing else has one. */
    text: Type.Optional(Type.String({ minLength: 1, maxLength: MOST_MESSAGE })),
    /** A message leaves the rotation then. */
    until: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type Scene = Static<typeof SceneSchema>;

/** What a controller decides about a wall. */
export const ScreenSettingsSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: MOST_NAME }),
    /** Id of the unit that it shows. */
    unit: Type.String({ minLength: 1, maxLength: 80 }),
    scenes: Type.Array(SceneSchema, { minItems: 1, maxItems: MOST_SCENES }),
    /** The rotation stands still. */
    paused: Type.Boolean(),
    /** Dimmed between these times of day; null: outside service hours. `dim`: share of full brightness. */
    night: Nullable(
      Type.Object(
        { from: TimeOfDay, to: TimeOfDay, dim: Type.Number({ minimum: LEAST_BRIGHT, maximum: 1 }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ScreenSettings = Static<typeof ScreenSettingsSchema>;

/** What a wall last said of itself. */
export const ScreenSeenSchema = Type.Object(
  {
    /** Build of the page that it runs. */
    build: Type.String({ maxLength: 80 }),
    scene: Nullable(Literals([...SCENE_KINDS, 'stale', 'waiting'] as const)),
    /** Product time of the newest frame on it; null: none yet. */
    frameAt: Nullable(Instant),
    /** CSS pixels. */
    width: Type.Integer({ minimum: 0, maximum: 32_768 }),
    height: Type.Integer({ minimum: 0, maximum: 32_768 }),
    /** False: its page stands in the background. */
    visible: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type ScreenSeen = Static<typeof ScreenSeenSchema>;

/** A paired wall. */
export const ScreenSchema = Type.Object({
  id: Type.String(),
  settings: ScreenSettingsSchema,
  /** Rises with every change of the settings; a change names the one that it was made on. */
  revision: Type.Integer(),
  pairedAt: Instant,
  pairedBy: Type.String(),
  revokedAt: Nullable(Instant),
  /** Null: not since the server started. `agoMs` is real time. */
  seen: Nullable(Type.Object({ agoMs: Type.Number(), ...ScreenSeenSchema.properties })),
  /** `live`: it spoke in the last 15 s. `old`: its page is of another build. */
  state: Literals(['live', 'silent', 'never', 'revoked'] as const),
  old: Type.Boolean(),
});
export type Screen = Static<typeof ScreenSchema>;

/** `GET /api/screens`. */
export const ScreensSchema = Type.Object({ screens: Type.Array(ScreenSchema), build: Type.String() });
export type Screens = Static<typeof ScreensSchema>;

/** `POST /api/screens/codes`, by a wall that is not paired: what it shows, and what it asks with. */
export const PairingSchema = Type.Object({
  code: Type.String({ pattern: PAIRING_CODE }),
  /** Known to this wall alone; it collects the approval. */
  secret: Type.String(),
  /** Real time that the code is good for. */
  expiresInMs: Type.Integer(),
  /** The product's clock: all that a screen which is not paired hears of the system. */
  clock: FrameClockSchema,
});
export type Pairing = Static<typeof PairingSchema>;

/** `POST /api/screens/codes/collect`, by the wall every 3 s. */
export const CollectSchema = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
);

/** Its answer. Once approved the answer also sets the wall's cookie. */
export const CollectedSchema = Type.Object({
  state: Literals(['waiting', 'approved', 'expired'] as const),
  screen: Nullable(Type.String()),
  /** Real time that a code which waits is still good for; 0 for others. */
  expiresInMs: Type.Integer(),
  clock: FrameClockSchema,
});
export type Collected = Static<typeof CollectedSchema>;

/** `POST /api/screens`, by a controller: approves what shows this code. */
export const ApproveSchema = Type.Object(
  { code: Type.String({ pattern: PAIRING_CODE }), settings: ScreenSettingsSchema },
  { additionalProperties: false },
);
export type Approve = Static<typeof ApproveSchema>;

/** `PUT /api/screens/{id}`. Another revision in force: 409, and nothing is changed. */
export const ChangeScreenSchema = Type.Object(
  { revision: Type.Integer(), settings: ScreenSettingsSchema },
  { additionalProperties: false },
);
export type ChangeScreen = Static<typeof ChangeScreenSchema>;

/** How often a wall was told to step; a number of another run says nothing. Ahead counts up, back counts down. */
export const StepsSchema = Type.Object({ run: Type.String(), count: Type.Integer() });
export type Steps = Static<typeof StepsSchema>;

/** `POST /api/screens/{id}/step`. */
export const StepScreenSchema = Type.Object(
  { by: Type.Union([Type.Literal(-1), Type.Literal(1)]) },
  { additionalProperties: false },
);

/**
 * `POST /api/screens/{id}/seen`, by the wall every 5 s: what is to be shown now. One that names the orders it has
 * (`?revision=&steps=`) hears at once of newer ones, and after 4 s that there are none.
 */
export const ScreenOrdersSchema = Type.Object({
  settings: ScreenSettingsSchema,
  revision: Type.Integer(),
  steps: StepsSchema,
});
export type ScreenOrders = Static<typeof ScreenOrdersSchema>;
