import Type, { type Static } from 'typebox';
import { MetricStateSchema, SlotHourSchema } from '../model/unit.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const EpochMs = Type.Number({ description: 'epoch milliseconds' });
const Count = Type.Integer({ minimum: 0 });

/** Slots of one kind at one start. `free` of a start that has passed went unfilled. */
export const HubSlotSchema = Type.Object({
  start: EpochMs,
  minutes: Type.Integer({ minimum: 1 }),
  channel: Nullable(Type.Enum(['in-person', 'telephone', 'video'])),
  /** Job role as the feed codes it. */
  role: Nullable(Type.String()),
  service: Nullable(Type.String()),
  free: Count,
  /** Null where the feed's standard tells free slots only. */
  booked: Nullable(Count),
  held: Nullable(Count),
});
export type HubSlot = Static<typeof HubSlotSchema>;

/** The feed that counts for a hub's slots. */
export const HubFeedSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  state: Type.String(),
  fault: Type.String(),
  observedAt: Nullable(Type.String({ format: 'date-time' })),
});

export const HubSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Whose practices it serves. */
  parent: Nullable(Type.String()),
  illustrative: Type.Boolean(),
  services: Type.Array(Type.String()),
  /** Null in the past where it was not recorded. */
  open: Nullable(Type.Boolean()),
  /** Today's first opening to last closing; null: closed all day. */
  opening: Nullable(Type.Object({ from: EpochMs, to: EpochMs })),
  /** People it serves; null where they are not known. */
  served: Nullable(Type.Integer({ minimum: 1 })),
  /** Its figures, each with its absence; those that nobody reports are left out. */
  metrics: Type.Record(Type.String(), MetricStateSchema),
  feed: Nullable(HubFeedSchema),
  /** Today by hour. A past hour's `free` is 0: what went unfilled shows in `slots`. */
  hours: Type.Array(SlotHourSchema),
  /** Today one by one; null: not known now, told as counts only, left out by `view=hours`, or of the past. */
  slots: Nullable(Type.Array(HubSlotSchema)),
  /** What was last told of today where nothing is known now. In no sum. */
  last: Nullable(Type.Object({ observedAt: Type.String({ format: 'date-time' }), slots: Type.Array(HubSlotSchema) })),
});
export type Hub = Static<typeof HubSchema>;

/** What a practice lacks today. */
export const PracticeNeedSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  parent: Nullable(Type.String()),
  metrics: Type.Record(Type.String(), MetricStateSchema),
});
export type PracticeNeed = Static<typeof PracticeNeedSchema>;

/** `GET /api/hubs`: today's bookable capacity of hubs, and with `place` what the practices there lack. */
export const HubsSchema = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** The unit that was asked for; the system where none was. */
  place: Type.String(),
  simulated: Type.Boolean(),
  /** Minutes a week for each 1,000 people that are agreed. */
  agreed: Type.Number(),
  hubs: Type.Array(HubSchema),
  /** Null without `place`. */
  practices: Nullable(Type.Array(PracticeNeedSchema)),
});
export type Hubs = Static<typeof HubsSchema>;
