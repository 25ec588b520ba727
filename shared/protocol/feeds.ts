import Type, { type Static } from 'typebox';
import { FEED_FAMILIES } from '../model/feed-metrics.ts';
import { Literals } from '../model/literals.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });

// In a file of its own, so that a page can know the words without loading the schema library.
export { MARKS, type Mark } from '../model/feed-marks.ts';

/** Every site's feed of one kind from one supplier, one mark a site. */
export const FeedBlockSchema = Type.Object({
  /** Empty where no feed serves these sites (not onboarded). */
  supplier: Type.String(),
  supplierName: Type.String(),
  sites: Type.Array(Type.String(), { description: 'Unit ids; trouble first' }),
  feeds: Type.Array(Type.String(), { description: 'Feed instance of each site, `` where there is none' }),
  states: Type.String({
    description:
      'One letter a site: o on time, l late, t throttled, u unreachable, r faulty, p paused, c closed, n not onboarded, q not asked yet',
  }),
  fresh: Type.String({ description: 'One digit a site: 4 freshest, 0 at the end of its time' }),
  causes: Type.Array(Type.Object({ letter: Type.String(), from: Type.Integer(), count: Type.Integer() }), {
    description: 'Which marks a cause explains: indexes into `sites`',
  }),
});
export type FeedBlock = Static<typeof FeedBlockSchema>;

export const FeedCauseSchema = Type.Object({
  letter: Type.String(),
  /** Stable while the trouble lasts. */
  key: Type.String(),
  /** In plain words: "The supplier does not answer". */
  title: Type.String(),
  /** "Telephony, Calder Voice: 7 in Oldham, since 9:29am". */
  where: Type.String(),
  since: Nullable(Instant),
  /** What to do, figures and "Ours:" marked `**bold**`; and a second line. */
  todo: Type.String(),
  more: Type.String(),
  owner: Literals(['ours', 'supplier', 'site', 'itself'] as const),
  /** Age that is expected at most, and the age it has; null where nothing ever came. */
  expectedMs: Type.Number(),
  ageMs: Nullable(Type.Number()),
  /** What it hides: "7 practices unknown", "52,310 patients". */
  hides: Type.String(),
  hidesMore: Type.String(),
  patients: Type.Number(),
  feeds: Type.Array(Type.String(), { description: 'Feed instances' }),
  sites: Type.Array(Type.String()),
  nextPollAt: Nullable(Instant),
  latencyMs: Nullable(Type.Number()),
  action: Literals(['poll', 'resume', 'records', 'answer', 'none'] as const),
});
export type FeedCause = Static<typeof FeedCauseSchema>;

export const QuarantineGroupSchema = Type.Object({
  key: Type.String(),
  supplier: Type.String(),
  supplierName: Type.String(),
  adapter: Type.String(),
  label: Type.String(),
  field: Type.String(),
  reason: Type.String(),
  example: Nullable(Type.String()),
  count: Type.Integer(),
  kept: Type.Integer(),
  feeds: Type.Array(Type.String()),
  firstAt: Instant,
  lastAt: Instant,
  history: Type.Array(Type.Integer(), { description: 'a quarter hour each, oldest first' }),
  cause: Nullable(Type.String({ description: 'Letter of the cause it belongs to' })),
});
export type QuarantineGroupBody = Static<typeof QuarantineGroupSchema>;

const CoverageCell = Type.Object({
  /** Shares of the unit's patients: whose practice sends it live, and whose feed is in trouble; the rest is not onboarded. */
  live: Type.Number(),
  trouble: Type.Number(),
});
export const FeedCoverageSchema = Type.Object({
  unit: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  patients: Type.Number(),
  families: Type.Record(Type.String(), CoverageCell),
  /** Share of patients whose practice's level is known. */
  level: Nullable(Type.Number()),
});
export type FeedCoverage = Static<typeof FeedCoverageSchema>;

/** `GET /api/feeds/summary`: the health of all feeds as the feeds screen says it, composed here so that every screen says the same. */
export const FeedsSummarySchema = Type.Object({
  at: Instant,
  /** Marks in all, in order, and in trouble (unreachable, late, throttled, faulty, paused). */
  counts: Type.Object({ of: Type.Integer(), live: Type.Integer(), trouble: Type.Integer(), causes: Type.Integer() }),
  /** Share of patients whose level stands. */
  coverage: Nullable(Type.Number()),
  marks: Type.Record(Type.String(), Type.Integer()),
  /** One sentence or two, figures marked `**bold**`. */
  sentence: Type.String(),
  /** Our own poller stopped: said above everything, and no supplier is blamed. */
  stopped: Nullable(Type.Object({ since: Nullable(Instant), text: Type.String() })),
  field: Type.Array(
    Type.Object({ family: Literals(FEED_FAMILIES), label: Type.String(), blocks: Type.Array(FeedBlockSchema) }),
  ),
  causes: Type.Array(FeedCauseSchema),
  lastHour: Type.Object({ began: Type.Integer(), mended: Type.Integer() }),
  /** The last three that mended. */
  mended: Type.Array(Type.Object({ title: Type.String(), where: Type.String(), at: Instant, lastedMs: Type.Number() })),
  /** Worst first: places, then their neighbourhoods. */
  coverageBy: Type.Array(FeedCoverageSchema),
  quarantine: Type.Object({ today: Type.Integer(), note: Type.String(), groups: Type.Array(QuarantineGroupSchema) }),
  /** Our clock against those of feeds and database; null: nothing to compare with. */
  clock: Type.Object({ offMs: Nullable(Type.Number()), text: Type.String() }),
});
export type FeedsSummary = Static<typeof FeedsSummarySchema>;

const Ids = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: 2000,
  description: 'Feed instances, or whole feeds',
});
const Reason = Type.String({
  minLength: 3,
  maxLength: 200,
  description: 'Why; shown on every screen. No names of people',
});
const strict = { additionalProperties: false } as const;

/** `POST /api/feeds/poll`, `/pause`, `/resume`, `/read-again`. */
export const PollNowSchema = Type.Object({ feeds: Ids, keep: Type.Optional(Type.Boolean()) }, strict);
export const PauseFeedsSchema = Type.Object(
  { feeds: Ids, reason: Reason, minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })) },
  strict,
);
export const ResumeFeedsSchema = Type.Object({ feeds: Ids }, strict);
export const ReadAgainSchema = Type.Object({ group: Type.String({ minLength: 1, maxLength: 200 }) }, strict);
export const CommandDoneSchema = Type.Object({
  feeds: Type.Integer({ description: 'How many instances it applies to' }),
});
export const ReadAgainDoneSchema = Type.Object({
  records: Type.Integer(),
  taken: Type.Integer(),
  refused: Type.Integer(),
});

/** `GET /api/feeds/{id}/answer`. */
export const KeptAnswerSchema = Type.Object({
  feed: Type.String(),
  at: Instant,
  status: Nullable(Type.Integer()),
  headers: Type.Record(Type.String(), Type.String()),
  bytes: Type.Integer(),
  body: Nullable(Type.String()),
  truncated: Type.Boolean(),
  state: Type.String(),
  fault: Type.String(),
});
export type KeptAnswerBody = Static<typeof KeptAnswerSchema>;

/** `GET /api/feeds/quarantine?group=&feed=&limit=`. */
export const QuarantineRecordsSchema = Type.Object({
  records: Type.Array(
    Type.Object({
      id: Type.String(),
      feed: Type.String(),
      at: Instant,
      place: Type.String(),
      field: Type.String(),
      reason: Type.String(),
      record: Nullable(Type.String()),
      state: Literals(['kept', 'read-again', 'refused-again'] as const),
    }),
  ),
});
export type QuarantineRecordsBody = Static<typeof QuarantineRecordsSchema>;
