import Type, { type Static } from 'typebox';
import { ADAPTERS, SharedAccountSchema, SLOT_HOLDS, SlotTypesSchema } from '#shared/model/definition.ts';
import { Literals } from '#shared/model/literals.ts';

const Text = Type.String({ minLength: 1 });
const Slug = Type.String({ pattern: '^[a-z0-9-]+$' });
const Quota = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 }));

/** Which settings belong to which part is checked afterwards (feed-auth.ts): a union's faults help nobody. */
const AuthEntrySchema = Type.Intersect([Type.Object({ type: Text }), Type.Record(Type.String(), Type.String())]);
export type AuthEntry = Static<typeof AuthEntrySchema>;

/** A feed as feeds.yaml writes it. */
export const FeedEntrySchema = Type.Object(
  {
    id: Slug,
    adapter: Literals(ADAPTERS),
    label: Type.Optional(Text),
    schedule: Text,
    url: Text,
    method: Type.Optional(Literals(['GET', 'POST'] as const)),
    /** JSON that POST sends. */
    body: Type.Optional(Text),
    /** A filter such as `practice where telephony=…`, or a list of codes (see site-filter.ts). */
    sites: Type.Union([Text, Type.Array(Text)]),
    supplier: Slug,
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    timeout: Type.Optional(Text),
    maxBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 64 * 1024 * 1024 })),
    auth: Type.Optional(Type.Array(AuthEntrySchema)),
    staleAfter: Text,
    brings: Type.Optional(Type.Array(Text)),
    mapping: Type.Optional(Type.String()),
    /** A file beside feeds.yaml that holds the mapping. */
    mappingFile: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*\\.jsonata$' })),
    keeps: Type.Optional(Type.Array(Text, { maxItems: 100 })),
    shared: Type.Optional(Type.Array(SharedAccountSchema)),
    horizonDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 56 })),
    holds: Type.Optional(Literals(SLOT_HOLDS)),
  },
  { additionalProperties: false },
);
export type FeedEntry = Static<typeof FeedEntrySchema>;

const SupplierEntrySchema = Type.Object(
  {
    id: Slug,
    name: Text,
    perMinute: Quota,
    perSecond: Quota,
    contact: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    fields: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: false },
);
export type SupplierEntry = Static<typeof SupplierEntrySchema>;

export const FeedsFileSchema = Type.Object(
  {
    suppliers: Type.Optional(Type.Array(SupplierEntrySchema)),
    slotTypes: Type.Optional(SlotTypesSchema),
    feeds: Type.Array(FeedEntrySchema),
  },
  { additionalProperties: false },
);
export type FeedsFile = Static<typeof FeedsFileSchema>;
