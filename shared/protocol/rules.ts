import Type, { type Static } from 'typebox';
import { RulesSchema } from '../model/rules.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const Reason = Type.String({ minLength: 3, maxLength: 500 });

/** One version of the rules. `id` is `<version>/<hash>`, as level changes name it; the hash is of the content. */
export const RulesVersionSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  hash: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  /** When it came into force on the product's clock; null: known by name only. */
  publishedAt: Nullable(Instant),
  /** Until when it was in force; null: it still is, or it never was. */
  until: Nullable(Instant),
  origin: Type.Union([Type.Literal('file'), Type.Literal('published'), Type.Literal('rolled-back')]),
  /** The version it takes back to, where it was a rolling back. */
  restores: Nullable(Type.String()),
  current: Type.Boolean(),
  /** Level changes that were judged by it, as far as the history reaches; null: not counted. */
  levelChanges: Nullable(Type.Integer()),
});
export type RulesVersion = Static<typeof RulesVersionSchema>;

/** `GET /api/rules`: what is in force and what was. */
export const RulesBookSchema = Type.Object({
  current: RulesVersionSchema,
  rules: RulesSchema,
  /** The newest 200, newest first. */
  versions: Type.Array(RulesVersionSchema),
  /** False: the database is away or still behind, and what was in force before is not listed, or not all of it. */
  complete: Type.Boolean(),
});
export type RulesBook = Static<typeof RulesBookSchema>;

/** A fault of rules that were sent: JSON pointer into them, and plain words. */
export const RulesFaultSchema = Type.Object({ path: Type.String(), message: Type.String() });
export type RulesFault = Static<typeof RulesFaultSchema>;

/** One difference between two versions, in words and as values. */
export const RulesChangeSchema = Type.Object({
  /** Like a JSON pointer, but with indicators by their id, which stays when they are reordered. */
  path: Type.String(),
  /** "Longest wait: second cut-off 180 s → 240 s". */
  text: Type.String(),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
});
export type RulesChange = Static<typeof RulesChangeSchema>;

/**
 * `GET /api/rules/versions/{version}-{hash}`: one version, and what it changes against another (`?against=`, else what is
 * in force).
 */
export const RulesBodySchema = Type.Object({
  version: RulesVersionSchema,
  rules: RulesSchema,
  changes: Type.Array(RulesChangeSchema),
});
export type RulesBody = Static<typeof RulesBodySchema>;

/** `POST /api/rules/check`: faults (none: it could be published) and what it changes against what is in force. */
export const CheckRulesSchema = Type.Object({ rules: Type.Unknown() }, { additionalProperties: false });
export const RulesCheckedSchema = Type.Object({
  faults: Type.Array(RulesFaultSchema),
  changes: Type.Array(RulesChangeSchema),
});
export type RulesChecked = Static<typeof RulesCheckedSchema>;

/** A draft: rules that do not count yet, shared by all who may publish. `revision` rises with every save. */
export const RulesDraftSchema = Type.Object({
  id: Type.String(),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  rules: Type.Unknown(),
  /** Version it was begun from. */
  basedOn: Type.String(),
  revision: Type.Integer(),
  savedAt: Instant,
  by: Type.String(),
});
export type RulesDraft = Static<typeof RulesDraftSchema>;
/** `GET /api/rules/drafts`. */
export const RulesDraftsSchema = Type.Object({ drafts: Type.Array(RulesDraftSchema) });
/** `PUT /api/rules/drafts/{id}`: `revision` is the one that was edited, 0 for a new draft; 409 `DRAFT_MOVED_ON` otherwise. `DELETE` of it: 204. */
export const SaveDraftSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    rules: Type.Unknown(),
    basedOn: Type.String({ maxLength: 64 }),
    revision: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type SaveDraft = Static<typeof SaveDraftSchema>;

/**
 * `POST /api/rules/publish`: answers with the new `RulesVersion` once it is in force. 409 `RULES_MOVED_ON` when `basedOn`
 * is no longer in force, 409 `RULES_UNCHANGED` when they say what is in force already, 422 `RULES_FAULTY` with faults.
 */
export const PublishRulesSchema = Type.Object(
  {
    rules: Type.Unknown(),
    reason: Reason,
    basedOn: Type.String({ maxLength: 64 }),
    /** Draft it comes from: taken away, unless somebody has changed it since. */
    draft: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type PublishRules = Static<typeof PublishRulesSchema>;
/** `POST /api/rules/roll-back`: publishes the content of an earlier version anew. */
export const RollBackRulesSchema = Type.Object(
  { to: Type.String({ maxLength: 64 }), reason: Reason, basedOn: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
);
export type RollBackRules = Static<typeof RollBackRulesSchema>;
