import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const Count = Type.Integer({ minimum: 0 });

/** `POST /api/backtests`: which levels would have been when, by `rules` and by those in force, over stored history. */
export const StartBacktestSchema = Type.Object(
  {
    /** Rules to try; checked like a draft (422 `RULES_FAULTY`). */
    rules: Type.Unknown(),
    from: Instant,
    to: Instant,
    /** Version (`<version>/<hash>`) to compare with; the one in force unless given. */
    against: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type StartBacktest = Static<typeof StartBacktestSchema>;

/** Minutes at no level (unknown while open) and at levels 1 to 4. Closed minutes are in none. */
export const LevelMinutesSchema = Type.Object({
  unknown: Count,
  levels: Type.Tuple([Count, Count, Count, Count]),
});
export type LevelMinutes = Static<typeof LevelMinutesSchema>;

/** What one set of rules would have made of one unit. */
export const SideSchema = Type.Object({
  minutes: LevelMinutesSchema,
  changes: Count,
  /** A change and its opposite within 30 minutes. */
  flaps: Count,
});
export type BacktestSide = Static<typeof SideSchema>;

export const BacktestUnitSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  tried: SideSchema,
  against: SideSchema,
  /** Minutes at which the two differ. */
  differs: Count,
  /** One character a quarter hour from `from`, as in a unit's `day`; for groups only, else empty. */
  triedStrip: Type.String(),
  againstStrip: Type.String(),
});
export type BacktestUnit = Static<typeof BacktestUnitSchema>;

/** A known distress, and how long before it each side first stood at level 3 or more (null: not at all). */
export const LeadTimeSchema = Type.Object({
  unit: Type.String(),
  name: Type.String(),
  at: Instant,
  /** "declared level 4". */
  what: Type.String(),
  triedMinutes: Nullable(Type.Number()),
  againstMinutes: Nullable(Type.Number()),
});
export type LeadTime = Static<typeof LeadTimeSchema>;

export const BacktestResultSchema = Type.Object({
  from: Instant,
  to: Instant,
  /** Minutes of the stretch in which the server was recording. */
  recordedMinutes: Count,
  sites: Count,
  /** Site-minutes that were judged, of each side. */
  judged: Count,
  tookMs: Type.Number(),
  triedTotals: SideSchema,
  againstTotals: SideSchema,
  /** Share of unit-minutes at which the side in force agrees with the levels that were recorded; null: none were. */
  agreement: Nullable(Type.Number()),
  units: Type.Array(BacktestUnitSchema),
  leadTimes: Type.Array(LeadTimeSchema),
  /** What a reader must know: gaps, normals of today, metrics without history. Plain words. */
  notes: Type.Array(Type.String()),
});
export type BacktestResult = Static<typeof BacktestResultSchema>;

export const BacktestSchema = Type.Object({
  id: Type.String(),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('cancelled'),
    Type.Literal('failed'),
  ]),
  /** 0 to 1. */
  progress: Type.Number(),
  /** "Reading the history: 12 of 31 days". */
  phase: Type.String(),
  by: Type.String(),
  startedAt: Instant,
  /** Version or "draft", for a list. */
  tried: Type.String(),
  against: Type.String(),
  /** Why it failed, in plain words; empty otherwise. */
  fault: Type.String(),
  result: Nullable(BacktestResultSchema),
});
export type Backtest = Static<typeof BacktestSchema>;
/** `GET /api/backtests`: newest first, without their results. */
export const BacktestsSchema = Type.Object({ backtests: Type.Array(Type.Omit(BacktestSchema, ['result'])) });
