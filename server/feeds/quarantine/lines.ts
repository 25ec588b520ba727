import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { QUARTER } from '#shared/model/time.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Counted = Type.Object({ field: Type.String(), reason: Type.String(), count: Type.Integer({ minimum: 1 }) });
const Source = {
  feed: Type.String(),
  supplier: Type.String(),
  adapter: Type.String(),
  at: Type.Number(),
};

/** An answer of which something was refused, with the redacted copies of what was. */
const AnswerLineSchema = Type.Object({
  t: Type.Literal('answer'),
  id: Type.String(),
  ...Source,
  askedAt: Type.Number(),
  /** Absent: it was too large to be kept whole. */
  document: Type.Optional(Type.Unknown()),
  refusals: Type.Array(
    Type.Object({
      group: Type.String(),
      place: Type.String(),
      field: Type.String(),
      reason: Type.String(),
      record: Nullable(Type.String()),
      example: Nullable(Type.String()),
    }),
  ),
  rest: Type.Array(Counted),
});
/** Refusals of which only the number is kept. */
const CountedLineSchema = Type.Object({ t: Type.Literal('counted'), ...Source, counts: Type.Array(Counted) });
const SettledLineSchema = Type.Object({
  t: Type.Literal('settled'),
  id: Type.String(),
  state: Type.Union([Type.Literal('read-again'), Type.Literal('refused-again')]),
});

export type AnswerLine = Static<typeof AnswerLineSchema>;
export type CountedLine = Static<typeof CountedLineSchema>;
export type SettledLine = Static<typeof SettledLineSchema>;
export type Line = AnswerLine | CountedLine | SettledLine;

const LineCheck = Compile(Type.Union([AnswerLineSchema, CountedLineSchema, SettledLineSchema]));

/** A line as it was written, or null for anything else. */
export function lineOf(value: unknown): Line | null {
  return LineCheck.Check(value) ? (value as Line) : null;
}

type Counts = CountedLine['counts'];

/** The number of each kind of refusal in an answer. */
export function countsOf({ refusals, rest }: Pick<AnswerLine, 'refusals' | 'rest'>): Counts {
  return addUp([...refusals.map(({ field, reason }) => ({ field, reason, count: 1 })), ...rest]);
}

export function addUp(counts: Counts): Counts {
  const sums = new Map<string, Counts[number]>();
  for (const { field, reason, count } of counts) {
    const key = `${field}\n${reason}`;
    sums.set(key, { field, reason, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** What is left of an answer once its detail is gone. */
export function countedOf(line: AnswerLine): CountedLine {
  const { feed, supplier, adapter, at } = line;
  return { t: 'counted', feed, supplier, adapter, at, counts: countsOf(line) };
}

/** One line a feed and quarter hour: its instances, of which there may be thousands, are no longer told apart. */
export function mergeCounted(lines: readonly CountedLine[]): CountedLine[] {
  const merged = new Map<string, CountedLine>();
  for (const line of lines) {
    const [feed = ''] = line.feed.split(':', 1);
    const key = `${feed}\n${Math.floor(line.at / QUARTER)}`;
    const before = merged.get(key);
    const counts = before ? addUp([...before.counts, ...line.counts]) : line.counts;
    merged.set(key, before ? { ...before, feed: before.feed === line.feed ? line.feed : feed, counts } : line);
  }
  return [...merged.values()];
}
