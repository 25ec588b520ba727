import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** How two units' pressure moves together at one scale. Positive lag: the first leads the second. */
export const LeadLagSchema = Type.Object({
  scale: Type.Union([Type.Literal('hours'), Type.Literal('days')]),
  /** Milliseconds a step. */
  step: Type.Number(),
  /** [lag in steps, correlation -1 to 1 | null where too little is known]. */
  curve: Type.Array(Type.Tuple([Type.Integer(), Nullable(Type.Number())])),
  /** Best lag in milliseconds and its correlation; null where nothing stands out of chance. */
  lagMs: Nullable(Type.Number()),
  correlation: Nullable(Type.Number()),
  /** Correlation that as many unrelated values reach once in twenty. */
  chance: Nullable(Type.Number()),
  /** Pairs of values behind the best lag. */
  pairs: Type.Integer(),
});
export type LeadLag = Static<typeof LeadLagSchema>;

/** `GET /api/spread?a=&b=&weeks=`: lead and lag of the pressure of two units over the last weeks. */
export const SpreadSchema = Type.Object({
  a: Type.String(),
  b: Type.String(),
  weeks: Type.Integer(),
  scales: Type.Array(LeadLagSchema),
  /** "Bolton rises about 45 min before Wigan (correlation 0.61 over 6 weeks)", or why nothing can be said. */
  sentence: Type.String(),
  simulated: Type.Boolean(),
});
export type Spread = Static<typeof SpreadSchema>;

/** A unit's neighbour whose pressure moves with its own. Positive lag: the unit leads, the neighbour follows. */
export const SpreadNeighbourSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scale: Type.Union([Type.Literal('hours'), Type.Literal('days')]),
  /** 0: they go together, and neither is clearly first. */
  lagMs: Type.Number(),
  correlation: Type.Number(),
  /** Correlation that the best of as many unrelated neighbours reaches once in twenty. */
  chance: Type.Number(),
  pairs: Type.Integer(),
  sentence: Type.String(),
});
export type SpreadNeighbour = Static<typeof SpreadNeighbourSchema>;

/** `GET /api/spread?a=&weeks=`: which units of its kind lead or follow a unit, the clearest first. */
export const SpreadNeighboursSchema = Type.Object({
  a: Type.String(),
  weeks: Type.Integer(),
  /** Only those that stand out of chance. */
  neighbours: Type.Array(SpreadNeighbourSchema),
  /** Neighbours that were looked at, and how many there are. */
  compared: Type.Integer(),
  of: Type.Integer(),
  sentence: Type.String(),
  simulated: Type.Boolean(),
});
export type SpreadNeighbours = Static<typeof SpreadNeighboursSchema>;
