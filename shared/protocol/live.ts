import Type, { type Static } from 'typebox';
import {
  FeedStatusSchema,
  UnitSchema,
  type FeedPatch,
  type FeedStatus,
  type Unit,
  type UnitPatch,
} from '../model/unit.ts';

// In a file of their own, so that a page can know the names without loading the schema library.
export { HEARTBEAT_MS, PROTOCOL, SOCKET_EVENTS, SOCKET_IO_PATH, WEBSOCKET_PATH } from './names.ts';

/**
 * `full`: units as in the contract. `overview`: the same units, but sites without `metrics`, `indicators`, `feeds` and
 * (all but hubs) `slotHours`, and no `feeds` list: what a control room needs of thousands of sites.
 */
export const ViewSchema = Type.Union([Type.Literal('full'), Type.Literal('overview')]);
export type View = Static<typeof ViewSchema>;

/** A client's own name for one replay. */
const StreamId = Type.String({ minLength: 1, maxLength: 32 });
/** Product milliseconds that go by in a real one; 0: paused. */
export const MOST_REPLAY_SPEED = 600;

/**
 * `scope` is a unit id: that unit, all beneath it, and (as context for a breadcrumb) its ancestors.
 * With a known position (`since`, in `epoch` or the current one) the missed patches come, otherwise a snapshot.
 * A second subscribe on a connection replaces the one with the same `key` (default: the empty key).
 */
export const SubscribeSchema = Type.Object(
  {
    type: Type.Literal('subscribe'),
    scope: Type.String({ minLength: 1, maxLength: 64 }),
    view: Type.Optional(ViewSchema),
    key: Type.Optional(Type.String({ maxLength: 32 })),
    epoch: Type.Optional(Type.String({ maxLength: 64 })),
    since: Type.Optional(Type.Integer({ minimum: 0 })),
    /** A replay of this connection to be fed from; absent: the live board. */
    stream: Type.Optional(StreamId),
  },
  { additionalProperties: false },
);
export const UnsubscribeSchema = Type.Object(
  { type: Type.Literal('unsubscribe'), key: Type.Optional(Type.String({ maxLength: 32 })) },
  { additionalProperties: false },
);
/**
 * Opens a replay, or changes one: goes to `at` (needed to open it), runs on from there at `speed` (1 unless given; 0:
 * paused). Its subscriptions then get a snapshot, in an epoch of its own. It ends with the connection or by `replay-end`.
 */
export const ReplaySchema = Type.Object(
  {
    type: Type.Literal('replay'),
    stream: StreamId,
    at: Type.Optional(Type.String({ format: 'date-time' })),
    speed: Type.Optional(Type.Number({ minimum: 0, maximum: MOST_REPLAY_SPEED })),
  },
  { additionalProperties: false },
);
export const ReplayEndSchema = Type.Object(
  { type: Type.Literal('replay-end'), stream: StreamId },
  { additionalProperties: false },
);
export const RequestSchema = Type.Union([SubscribeSchema, UnsubscribeSchema, ReplaySchema, ReplayEndSchema]);
export type ReplayRequest = Static<typeof ReplaySchema>;
export type SubscribeRequest = Static<typeof SubscribeSchema>;
export type LiveRequest = Static<typeof RequestSchema>;

/** The product's clock at the moment of sending: browsers show `now` plus elapsed times `speed`, never their own date. */
export const FrameClockSchema = Type.Object({ now: Type.Number(), speed: Type.Number(), simulated: Type.Boolean() });
export type FrameClock = Static<typeof FrameClockSchema>;

interface FrameBase {
  protocol: number;
  epoch: string;
  /** The board's revision: rises by one per patch, in every scope. */
  seq: number;
  /** RFC 3339 UTC: the board's time at `seq`. */
  at: string;
  clock: FrameClock;
  /** Version of the server's build: a page of another version reloads itself. */
  build: string;
  scope: string;
  view: View;
  key: string;
  /** The replay it belongs to, and that it is one: never live, whatever its clock says. Left out of live frames. */
  stream?: string;
  replay?: true;
  /** What is wrong with a part of the product itself, in plain words for every screen; left out when all is well. */
  trouble?: string[];
  /** Revision of `GET /api/redirections`: another one, and the list says something new. Live frames only. */
  redirections?: number;
}

export interface SnapshotFrame extends FrameBase {
  type: 'snapshot';
  system: string;
  /** Every shipped system's activity is simulated; screens and exports must say so. */
  simulated: boolean;
  /** `HEADROOM_OPEN` in words, when the server is open beyond loopback without identity; shown on every screen. */
  open: string | null;
  units: Unit[];
  feeds: FeedStatus[];
  /** A large snapshot comes in parts, 0-based; it counts once the last one is there. */
  part: { index: number; of: number };
}
export interface PatchFrame extends FrameBase {
  type: 'patch';
  units: UnitPatch[];
  removed: string[];
  feeds: FeedPatch[];
}
export interface HeartbeatFrame extends FrameBase {
  type: 'heartbeat';
}
export const ERROR_CODES = [
  'BAD_FRAME',
  'UNKNOWN_SCOPE',
  'TOO_MANY_SUBSCRIPTIONS',
  'TOO_LARGE',
  'FORBIDDEN',
  'UNKNOWN_STREAM',
  'TOO_MANY_REPLAYS',
  'NOT_RECORDED',
  'REPLAY_UNAVAILABLE',
] as const;
export interface ErrorFrame {
  type: 'error';
  /** The replay that it is about. */
  stream?: string;
  protocol: number;
  code: (typeof ERROR_CODES)[number];
  message: string;
}
export type LiveFrame = SnapshotFrame | PatchFrame | HeartbeatFrame | ErrorFrame;

export const SnapshotBodySchema = Type.Object({ units: Type.Array(UnitSchema), feeds: Type.Array(FeedStatusSchema) });
