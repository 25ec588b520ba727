import Type, { type Static } from 'typebox';
import { AbsenceSchema } from './absence.ts';
import { Literals } from './literals.ts';
import { NORMAL_SOURCES } from './normal-source.ts';
import { LevelSchema, TrendSchema } from './level.ts';
import { SiteKindSchema, UnitKindSchema } from './site-kind.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** RFC 3339 in UTC, on the product's clock (simulated or real). */
const Instant = Type.String({ format: 'date-time' });

/**
 * One number of one unit. `value` null means absent, with the reason in `absence`; `observedAt` is when the value was
 * last seen to *change*: how fresh it still is travels per feed (`feed` names the instance in the frame's `feeds`).
 */
export const MetricStateSchema = Type.Object({
  value: Nullable(Type.Number()),
  absence: Nullable(AbsenceSchema),
  observedAt: Nullable(Instant),
  detail: Type.Optional(Type.String()),
  /** The last value before it went absent. */
  last: Type.Optional(Type.Object({ value: Type.Number(), observedAt: Instant })),
  /** Own normal for this weekday and time, where one is known. */
  usual: Type.Optional(Type.Number()),
  /** True where the value is derived by a stated formula rather than measured. */
  estimated: Type.Optional(Type.Boolean()),
  feed: Type.Optional(Type.String()),
  /** For groups: share of the population whose sites this value covers. */
  coverage: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});
export type MetricState = Static<typeof MetricStateSchema>;

/** One indicator that gives points, most points first. `text` is a phrase without a full stop, figures marked `**bold**`. */
export const DriverSchema = Type.Object({
  indicator: Type.String(),
  points: Type.Number(),
  value: Nullable(Type.Number()),
  text: Type.String(),
});
export type Driver = Static<typeof DriverSchema>;

/** One row of the unit page's table: given points x weight add up to the score. */
export const IndicatorSchema = Type.Object({
  indicator: Type.String(),
  label: Type.String(),
  metric: Type.String(),
  measure: Type.String(),
  /** Points 0-3, or null when the indicator is left out. */
  points: Nullable(Type.Number()),
  weight: Type.Number(),
  value: Nullable(Type.Number()),
  usual: Nullable(Type.Number()),
  /** What stands behind `usual`: its own days (so many of them), its peers, the published months. */
  usualFrom: Type.Optional(Literals(NORMAL_SOURCES)),
  usualDays: Type.Optional(Type.Integer({ minimum: 1 })),
  /** The three cut-offs in the measure's own unit, as they apply now (relative ones resolved), worse rightwards. */
  cutoffs: Nullable(Type.Tuple([Type.Number(), Type.Number(), Type.Number()])),
  direction: Type.Union([Type.Literal('high'), Type.Literal('low')]),
  absence: Nullable(AbsenceSchema),
  detail: Type.Optional(Type.String()),
  /** True while the points stand on the last value of a feed that has gone quiet. */
  held: Type.Optional(Type.Boolean()),
  /** True where the value is derived by a stated formula rather than measured. */
  estimated: Type.Optional(Type.Boolean()),
  /** True where it is judged against a normal with little own history behind it. */
  thin: Type.Optional(Type.Boolean()),
});
export type Indicator = Static<typeof IndicatorSchema>;

export const DeclaredSchema = Type.Object({
  level: LevelSchema,
  reason: Type.String(),
  by: Type.String(),
  at: Instant,
  until: Instant,
});
export type Declared = Static<typeof DeclaredSchema>;

/**
 * How sure a level is. `share`: part of what it is judged by that is known, current, measured and judged against a
 * normal with history behind it. `reason` says what is missing of it; empty when nothing is.
 */
export const ConfidenceSchema = Type.Object({
  word: Type.Union([Type.Literal('high'), Type.Literal('medium'), Type.Literal('low')]),
  share: Type.Number({ minimum: 0, maximum: 1 }),
  reason: Type.String(),
});
export type Confidence = Static<typeof ConfidenceSchema>;

/**
 * What is declared beside what is computed, respecting nothing else. A site: 1 declared, `by` levels above (+) or below
 * (-) the computed one, null where that is unknown. A group: how many of its practices declare, and which way.
 */
export const BesideSchema = Type.Object({
  declared: Type.Integer(),
  higher: Type.Integer(),
  lower: Type.Integer(),
  by: Nullable(Type.Integer()),
  text: Type.String(),
});
export type Beside = Static<typeof BesideSchema>;

/** What a group's score and level are made of, so that its sentence can be checked: score = mean + uplift. */
export const RollupSchema = Type.Object({
  /** Open practices, of them at level 1, 2, 3 and 4, and unknown. */
  open: Type.Integer(),
  levels: Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer(), Type.Integer()]),
  unknown: Type.Integer(),
  /** Mean score of the known practices by patients. */
  mean: Nullable(Type.Number()),
  uplift: Nullable(Type.Number()),
  /** Level that concentrated distress alone asks for; 1: none. */
  floor: LevelSchema,
  /** Practices at level 3 or 4, worst first, at most three; `share` of the group's open patients. */
  notable: Type.Array(Type.Object({ id: Type.String(), level: LevelSchema, share: Type.Number() })),
  /** Share of the patients in the most deprived fifth, and of the others, whose practices are known. */
  deprived: Nullable(Type.Object({ coverage: Type.Number(), others: Type.Number(), short: Type.Boolean() })),
});
export type Rollup = Static<typeof RollupSchema>;

/** One hour of bookable capacity. */
export const SlotHourSchema = Type.Object({
  from: Type.Number({ description: 'epoch milliseconds of the start of the hour' }),
  free: Type.Number(),
  booked: Type.Number(),
  held: Type.Number(),
});
export type SlotHour = Static<typeof SlotHourSchema>;

export const PositionSchema = Type.Object({
  lat: Type.Number(),
  lon: Type.Number(),
  /** True where only the centre of the area is known. */
  approximate: Type.Boolean(),
});
export type Position = Static<typeof PositionSchema>;

export const UnitSchema = Type.Object({
  id: Type.String(),
  kind: UnitKindSchema,
  siteKind: Nullable(SiteKindSchema),
  parent: Nullable(Type.String()),
  name: Type.String(),
  /** Registered list size (sum of the practices' lists for groups); null for services. */
  population: Nullable(Type.Number()),
  level: Nullable(LevelSchema),
  score: Nullable(Type.Number({ minimum: 0, maximum: 100 })),
  trend: Nullable(TrendSchema),
  coverage: Type.Number({ minimum: 0, maximum: 1 }),
  drivers: Type.Array(DriverSchema),
  metrics: Type.Record(Type.String(), MetricStateSchema),
  declared: Nullable(DeclaredSchema),
  /** When this unit last changed. */
  at: Instant,

  /** Since when the level is what it is. */
  levelSince: Nullable(Instant),
  /** Until when the level is kept though its score no longer supports it; null while it does. */
  keptUntil: Nullable(Instant),
  /** Null while unknown or closed. */
  confidence: Nullable(ConfidenceSchema),
  /** Null where nothing is declared. */
  beside: Nullable(BesideSchema),
  /** Groups only. */
  rollup: Nullable(RollupSchema),
  /** Why the level is what it is, composed here so that every screen says the same; figures marked `**bold**`. */
  sentence: Type.String(),
  /** At most four words for a wall: "no slots since 9:12am". Empty when calm. */
  brief: Type.String(),
  /** Sites only, and only in the `full` view. */
  indicators: Type.Array(IndicatorSchema),
  /** Today by quarter hour from local midnight, one character each: 1-4, `?` unknown, `.` not recorded. Highest in the quarter. */
  day: Type.String(),
  /** Score of the last hour, one a 5 minutes, oldest first; null where unknown. */
  trail: Type.Array(Nullable(Type.Number())),
  /** Bookable capacity of today by hour (hubs, and summed for groups). */
  slotHours: Type.Array(SlotHourSchema),
  /** Feed instances behind a site. */
  feeds: Type.Array(Type.String()),
  /** Practices beneath that report, of all (sites: 0 or 1 of 1). */
  reporting: Type.Object({ of: Type.Number(), sites: Type.Number() }),
  position: Nullable(PositionSchema),
  /** Made up for the demonstration, and named so. */
  illustrative: Type.Boolean(),
  /** Open now, by its own hours and the bank holidays. Null for groups. */
  open: Nullable(Type.Boolean()),
});
export type Unit = Static<typeof UnitSchema>;

/** Changed fields only. Top-level fields replace; `metrics` merge by name; `null` is a value. */
export const UnitPatchSchema = Type.Intersect([
  Type.Object({ id: Type.String() }),
  Type.Partial(Type.Omit(UnitSchema, ['id'])),
]);
export type UnitPatch = { id: string } & { [K in Exclude<keyof Unit, 'id'>]?: Unit[K] };

/** Freshness of one feed instance: the client derives every age from `observedAt` and the frame's clock. */
export const FeedStatusSchema = Type.Object({
  id: Type.String(),
  feed: Type.String(),
  adapter: Type.String(),
  supplier: Type.String(),
  label: Type.String(),
  /** Unit ids this instance reports on: the one site of `<feed>:<ODS>`, or all sites of the feed's document. */
  sites: Type.Array(Type.String()),
  state: Type.String(),
  /** In plain words, what came instead; empty when well. */
  fault: Type.String(),
  /** Payload time of the last good answer. */
  observedAt: Nullable(Instant),
  receivedAt: Nullable(Instant),
  /** Time of the last attempt, good or bad. */
  polledAt: Nullable(Instant),
  everyMs: Type.Number(),
  staleAfterMs: Type.Number(),
  latencyMs: Nullable(Type.Number()),
  rejected: Type.Number(),
  /** Since when the state is what it is. */
  since: Nullable(Instant),
  /** When it is polled next; null while nothing is planned (paused, stopped). */
  nextPollAt: Nullable(Instant),
  /** Failed polls in a row. */
  failures: Type.Number(),
  /** Records in the last answer that was read, and how many there usually are; null before the first. */
  volume: Nullable(Type.Number()),
  usualVolume: Nullable(Type.Number()),
  /** Records refused since midnight. */
  rejectedToday: Type.Number(),
  paused: Nullable(Type.Object({ by: Type.String(), reason: Type.String(), at: Instant, until: Nullable(Instant) })),
});
export type FeedStatus = Static<typeof FeedStatusSchema>;
export type FeedPatch = { id: string } & { [K in Exclude<keyof FeedStatus, 'id'>]?: FeedStatus[K] };
