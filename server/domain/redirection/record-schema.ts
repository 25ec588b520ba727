import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { Literals } from '#shared/model/literals.ts';
import { NeedKindSchema, RefusalSchema } from '#shared/model/redirection-words.ts';
import { EffectSchema, FollowedSchema, NeedCountsSchema } from '#shared/protocol/redirections.ts';
import type { HeldState, RedirectionEvent } from './record.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const Id = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });
const At = Type.Number();

const KIND = {
  ...{ start: At, minutes: Type.Number(), role: Nullable(Text), service: Nullable(Text) },
  channel: Nullable(Literals(['in-person', 'telephone', 'video'])),
};
const MINE = { practice: Id, need: NeedKindSchema };
const DraftSchema = Type.Object({
  ...{ hub: Id, unit: Id, borrowed: Type.Boolean() },
  slots: Type.Array(Type.Object({ ...KIND, ...MINE, count: Count, km: Nullable(Type.Number()), lot: Text })),
});
const SeenSchema = Type.Object({
  waiting: Type.Record(Text, NeedCountsSchema),
  effects: Type.Object({ unit: EffectSchema, hub: EffectSchema, practices: Type.Array(EffectSchema) }),
  taken: Nullable(Type.Object({ before: Type.Number(), after: Type.Number() })),
});
const HeldStateSchema = Literals<HeldState>(['held', 'booked', 'back', 'lost']);

const offer = { draft: DraftSchema, seen: SeenSchema };
const onOffer = { offered: Type.Optional(Count) };
const key = Text;
/** By type of event: what it carries besides when, of what and by whom. */
const BODIES: Readonly<Record<RedirectionEvent['type'], Type.TProperties>> = {
  proposed: { ...offer, answerBy: At },
  revised: offer,
  withdrawn: {},
  lapsed: onOffer,
  accepted: { ...offer, ...onOffer, key, heldUntil: At, written: Type.Boolean(), undoUntil: At },
  held: { slots: Type.Array(Type.Object({ ...KIND, ...MINE, handle: Id })) },
  gone: { free: Count, answerBy: At },
  'not-held': { reason: Text },
  refused: { ...onOffer, key, reason: RefusalSchema, undoUntil: At, seen: Type.Optional(SeenSchema) },
  undone: { key, answerBy: At },
  looked: { states: Type.Record(Text, HeldStateSchema), absent: Nullable(Count) },
  kept: { key, heldUntil: At },
  released: { key },
  ended: {},
  told: { key, booked: Count },
  acknowledged: { key, practice: Id },
  trouble: { text: Text },
  followed: { practices: Type.Array(FollowedSchema) },
};
const CHECKS = new Map(
  Object.entries(BODIES).map(([type, body]) => [
    type,
    Compile(Type.Object({ type: Type.Literal(type), at: At, id: Id, by: Text, ...body })),
  ]),
);
const Named = Compile(Type.Object({ type: Text }));

export type ReadEvent =
  { readonly ok: true; readonly event: RedirectionEvent } | { readonly ok: false; readonly reason: string };

/** One line of the ledger, or in words why it is none. */
export function readEvent(line: string): ReadEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, reason: 'it is no JSON' };
  }
  const check = Named.Check(value) ? CHECKS.get(value.type) : undefined;
  if (check === undefined) return { ok: false, reason: 'it is no step that there is' };
  if (check.Check(value)) return { ok: true, event: value as unknown as RedirectionEvent };
  const [first] = check.Errors(value);
  return { ok: false, reason: `${first?.instancePath ?? ''} ${first?.message ?? 'is not as it must be'}`.trim() };
}
