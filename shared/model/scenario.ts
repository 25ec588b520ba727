import Type, { type Static } from 'typebox';
import { ADAPTERS } from './definition.ts';
import { Literals } from './literals.ts';

const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const strict = { additionalProperties: false } as const;

/**
 * A unit id (with everything beneath it), a supplier, `all`, `#n` for the n-th practice by code (so that a scenario fits
 * every system), or a share of the practices, picked by the run's seed.
 */
const Target = Type.Union([Type.String({ minLength: 1 }), Share]);
/** Local times of the day; an event holds from `from` up to `to`. */
const when = { from: Time, to: Time, target: Target };

/**
 * How a supplier's answer can be broken. In transport: `status`, `hang`, `slow-drip` (byte by byte, never done), `reset`,
 * `redirect-loop`, `huge`, `bad-gzip`, `gzip-bomb`. In form: `html`, `half-json`, `wrong-type` (CSV where JSON is meant,
 * and the other way round). In content: `stale-cache` (an old document for good), `out-of-order` (every second one is
 * older), `clock-off` (`Date` and the payload's time ahead), `duplicate` (a record twice), `bad-record` (fields of a
 * wrong type or below zero), `missing-sites`.
 */
export const FAULT_MODES = [
  'status',
  'hang',
  'html',
  'half-json',
  'huge',
  'reset',
  'slow-drip',
  'bad-gzip',
  'gzip-bomb',
  'wrong-type',
  'redirect-loop',
  'stale-cache',
  'clock-off',
  'duplicate',
  'out-of-order',
  'bad-record',
  'missing-sites',
] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

export const ScenarioEventSchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal('staff-absence'),
      ...when,
      /** Share of the staff away. */
      share: Share,
      /** Who is away: phones answered later, or same-day slots withdrawn, or both (the default). */
      staff: Type.Optional(Type.Union([Type.Literal('reception'), Type.Literal('clinical')])),
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal('phones-down'),
      ...when,
      /** Share of the callers who could not get through that try again within 90 minutes of `to` (0.5). */
      redial: Type.Optional(Share),
    },
    strict,
  ),
  Type.Object(
    { type: Type.Literal('surge'), ...when, /** Calls times this. */ factor: Type.Number({ minimum: 1, maximum: 5 }) },
    strict,
  ),
  Type.Object({ type: Type.Literal('hub-closed'), ...when }, strict),
  Type.Object(
    {
      type: Type.Literal('feed-outage'),
      ...when,
      mode: Literals(FAULT_MODES),
      /** Only what this standard brings; absent: all feeds of the target. */
      feed: Type.Optional(Literals(ADAPTERS)),
      /** With mode `status` (503). */
      status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
      retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
      /** With mode `status`, FHIR only: the code in the OperationOutcome, where it says more than the status. */
      code: Type.Optional(Type.String({ pattern: '^(SEND|REC|PROXY)_[A-Z_]+$' })),
      /** With `clock-off`: how far ahead (10). With `stale-cache` and `out-of-order`: how much older (30). */
      minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
      /** With `bad-record` and `missing-sites`: share of the records, at least one (0.1). */
      share: Type.Optional(Share),
    },
    strict,
  ),
]);
export type ScenarioEvent = Static<typeof ScenarioEventSchema>;

const DateText = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });

/** Scripted events for the simulated world. With `date` they hold on that day only, without it on every day. */
export const ScenarioSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    name: Type.String({ minLength: 1 }),
    description: Type.String({ minLength: 1 }),
    /** The day the scenario plays on; the supervisor starts its clock there at 07:45. */
    date: Type.Optional(DateText),
    events: Type.Array(ScenarioEventSchema),
    /** On `date`, each practice's calls are its published month times this published day's share of that month. */
    replay: Type.Optional(Type.Object({ date: DateText }, strict)),
  },
  strict,
);
export type Scenario = Static<typeof ScenarioSchema>;
