import Type, { type Static } from 'typebox';
import { ADAPTERS } from '#shared/model/definition.ts';
import { Literals } from '#shared/model/literals.ts';

const Text = Type.String({ minLength: 1 });
const AuthPart = Type.Union([
  Type.Object({ type: Type.Literal('bearer'), token: Text }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal('basic'), user: Text, password: Text }, { additionalProperties: false }),
]);

/** A feed as feeds.yaml writes it. */
export const FeedEntrySchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    adapter: Literals(ADAPTERS),
    label: Type.Optional(Text),
    schedule: Text,
    url: Text,
    /** A filter such as `practice where telephony=…`, or a list of codes (see site-filter.ts). */
    sites: Type.Union([Text, Type.Array(Text)]),
    supplier: Type.String({ pattern: '^[a-z0-9-]+$' }),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    timeout: Type.Optional(Text),
    maxBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 64 * 1024 * 1024 })),
    auth: Type.Optional(Type.Array(AuthPart)),
    staleAfter: Text,
  },
  { additionalProperties: false },
);
export type FeedEntry = Static<typeof FeedEntrySchema>;
