import Type, { type Static } from 'typebox';
import { Literals } from './literals.ts';
import { RedirectionPolicySchema } from './redirection-policy.ts';
import { RulesSchema } from './rules.ts';
import { SiteKindSchema, UnitKindSchema } from './site-kind.ts';
import { PositionSchema } from './unit.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Local opening times by ISO weekday 1 (Monday) to 7, as minutes after local midnight; `to` may pass 1440 (open overnight). */
export const WeeklyHoursSchema = Type.Array(
  Type.Object({ days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 })), from: Type.Integer(), to: Type.Integer() }),
);
export type WeeklyHours = Static<typeof WeeklyHoursSchema>;

export const UnitDefSchema = Type.Object({
  id: Type.String(),
  kind: UnitKindSchema,
  siteKind: Nullable(SiteKindSchema),
  parent: Nullable(Type.String()),
  name: Type.String(),
  odsCode: Nullable(Type.String()),
  /** Practices: registered list. Groups: sum beneath. Services: null. */
  population: Nullable(Type.Number()),
  position: Nullable(PositionSchema),
  contract: Nullable(Type.String()),
  wteGp: Nullable(Type.Number()),
  /** Practices: fifth of deprivation (IMD) of its patients, 1 the most deprived; absent where it is not known. */
  deprivation: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  /** Null means the system's core hours. */
  opening: Nullable(WeeklyHoursSchema),
  /** Closed on bank holidays unless true. */
  bankHolidays: Type.Boolean(),
  services: Type.Array(Type.String()),
  /** `dos`, `asid`, `telephony` (supplier), `slots` (supplier), `minutes` (weekly capacity of a hub) … usable as `{dos}` in feeds. */
  identifiers: Type.Record(Type.String(), Type.String()),
  illustrative: Type.Boolean(),
  validFrom: Nullable(Type.String()),
  validTo: Nullable(Type.String()),
});
export type UnitDef = Static<typeof UnitDefSchema>;

export const AuthPartSchema = Type.Union([
  Type.Object({ type: Type.Literal('bearer'), token: Type.String() }, { additionalProperties: false }),
  Type.Object(
    { type: Type.Literal('basic'), user: Type.String(), password: Type.String() },
    { additionalProperties: false },
  ),
  /** Private-key JWT (RFC 7523) as NHS England's platform takes it: signed with `key` (PEM), exchanged at `tokenUrl` for an access token. */
  Type.Object(
    {
      type: Type.Literal('nhs-signed-jwt'),
      tokenUrl: Type.String(),
      clientId: Type.String(),
      keyId: Type.String(),
      key: Type.String(),
      algorithm: Type.Optional(Literals(['RS512', 'RS256', 'PS256', 'ES256'] as const)),
    },
    { additionalProperties: false },
  ),
  /** OAuth 2 client credentials with a client secret, as many telephone suppliers want it. */
  Type.Object(
    {
      type: Type.Literal('oauth-client'),
      tokenUrl: Type.String(),
      clientId: Type.String(),
      clientSecret: Type.String(),
      scope: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  ),
  /** Mutual TLS: client certificate and key as PEM; `ca` where the supplier's own authority signs its server. */
  Type.Object(
    { type: Type.Literal('mtls'), certificate: Type.String(), key: Type.String(), ca: Type.Optional(Type.String()) },
    { additionalProperties: false },
  ),
]);
/** Every text in a part is `${NAME}` (secret or file) except `tokenUrl`, `scope` and `algorithm`. */
export type AuthPart = Static<typeof AuthPartSchema>;

export const ADAPTERS = [
  'bars-slots',
  'gp-connect-slots',
  'fhir-appointments',
  'telephony-queues',
  'iuc-queues',
  'online-consultations',
  'declared-states',
  'mapped-json',
  'mapped-csv',
] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** One telephone account of several practices: what it reports is split between them, and marked as estimated. */
export const SharedAccountSchema = Type.Object(
  {
    /** The code under which the supplier reports it. */
    account: Type.String({ minLength: 1, maxLength: 40 }),
    /** Unit ids. */
    sites: Type.Array(Type.String(), { minItems: 2, maxItems: 20 }),
    split: Literals(['list-size', 'equal'] as const),
  },
  { additionalProperties: false },
);
export type SharedAccount = Static<typeof SharedAccountSchema>;

/** Ways in which slots are set aside at a supplier: `fhir-slot`, `Slot.status` written as `busy-tentative`. */
export const SLOT_HOLDS = ['fhir-slot'] as const;

export const FeedDefSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    adapter: Literals(ADAPTERS),
    /** Plain words for screens: "Telephony queue". */
    label: Type.String(),
    /** Cron with seconds, on the product's clock. */
    schedule: Type.String(),
    /** May hold `{ods}` (one instance a site) and any identifier; `${NAME}` comes from the environment at poll time. */
    url: Type.String(),
    /** Unit ids this feed serves. */
    sites: Type.Array(Type.String()),
    supplier: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    timeoutMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
    maxBytes: Type.Integer({ minimum: 1024 }),
    auth: Type.Array(AuthPartSchema),
    staleAfterMs: Type.Integer({ minimum: 1000 }),
    /** GET where absent. POST sends `body` (templates and `${NAME}` filled in) as JSON: some suppliers ask for their queries so. */
    method: Type.Optional(Literals(['GET', 'POST'] as const)),
    body: Type.Optional(Type.String()),
    /** Mapped feeds: the metrics they bring. */
    brings: Type.Optional(Type.Array(Type.String())),
    /** Mapped feeds: JSONata that turns the payload into observations. */
    mapping: Type.Optional(Type.String()),
    /** Mapped feeds: keys whose code-like texts may stay in a redacted copy. */
    keeps: Type.Optional(Type.Array(Type.String())),
    /** Telephony: accounts that several practices share. */
    shared: Type.Optional(Type.Array(SharedAccountSchema)),
    /** Slots: days that are searched, today the first of them; 1 where absent. */
    horizonDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 56 })),
    /** Slots: how they are held there; absent: they cannot be, and somebody rings. */
    holds: Type.Optional(Literals(SLOT_HOLDS)),
  },
  { additionalProperties: false },
);
/** Of two feeds that bring the same metric of a site, the one that stands first in feeds.yaml counts while it is fresh. */
export type FeedDef = Static<typeof FeedDefSchema>;

/** Whose quota the feeds share, and how its words differ from the national ones. */
export const SupplierDefSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    name: Type.String(),
    /** Requests that may begin in a minute, and in one second; null: not limited by us. */
    perMinute: Nullable(Type.Integer({ minimum: 1 })),
    perSecond: Nullable(Type.Integer({ minimum: 1 })),
    /** Who to call, in words for the feeds screen; null where nobody is named. */
    contact: Nullable(Type.String()),
    /**
     * `telephony-queues` fields by their national name, as sums and differences of the supplier's own fields:
     * `missed: "missed - endedInMenu"`. Fields not named here mean what the national definition says.
     */
    fields: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false },
);
export type SupplierDef = Static<typeof SupplierDefSchema>;

/** Practices' own slot and appointment types, in national categories (GPAD); matched leniently, first match wins. */
export const SlotTypesSchema = Type.Object(
  {
    /** Date on which somebody last looked through it: stale mappings misreport. */
    reviewed: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
    types: Type.Array(
      Type.Object(
        {
          /** Name of the type as the practice writes it, without regard to case, blanks and punctuation. */
          name: Type.String({ minLength: 1 }),
          /** National category in kebab case: `general-consultation-acute` … */
          category: Type.String({ minLength: 1 }),
          /** Same-day capacity a patient can be offered. */
          patientFacing: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SlotTypes = Static<typeof SlotTypesSchema>;

/** A practice's own published telephone month (CBT tables 3 to 5). `basis` says when it is made from peers of like size. */
export const PublishedMonthSchema = Type.Object({
  site: Type.String(),
  month: Type.String({ pattern: '^\\d{4}-\\d\\d$' }),
  basis: Type.Union([Type.Literal('own'), Type.Literal('peers')]),
  inbound: Type.Number(),
  answered: Type.Number(),
  endedInIvr: Type.Number(),
  callbackRequested: Type.Number(),
  callbackMade: Type.Number(),
  missed: Type.Number(),
  /** Answered calls by wait: under 1 minute, 1-2, 2-5, longer. */
  answeredWait: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
  /** Missed calls by wait, same bands. */
  missedWait: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
  /** Online consultations in the month; null where the practice is not in that table. */
  online: Nullable(Type.Number()),
});
export type PublishedMonth = Static<typeof PublishedMonthSchema>;

export const BANDS = [
  { label: '00:00-05:59', from: 0, to: 360 },
  { label: '06:00-07:59', from: 360, to: 480 },
  { label: '08:00-09:59', from: 480, to: 600 },
  { label: '10:00-11:59', from: 600, to: 720 },
  { label: '12:00-13:59', from: 720, to: 840 },
  { label: '14:00-15:59', from: 840, to: 960 },
  { label: '16:00-17:59', from: 960, to: 1080 },
  { label: '18:00-18:29', from: 1080, to: 1110 },
  { label: '18:30-23:59', from: 1110, to: 1440 },
] as const;

/** National shapes, read from the published tables; shared by the own normal and (as data) the simulator. */
export const NationalSchema = Type.Object({
  /** Calls in England per day, by the nine bands (CBT table 2). */
  days: Type.Array(
    Type.Object({ date: Type.String(), bands: Type.Array(Type.Number(), { minItems: 9, maxItems: 9 }) }),
  ),
  /** Shares of calls by outcome for an ordinary weekday (1-7) and band (August 2026). */
  outcomes: Type.Array(
    Type.Object({
      weekday: Type.Integer({ minimum: 1, maximum: 7 }),
      band: Type.Integer({ minimum: 0, maximum: 8 }),
      answered: Type.Number(),
      endedInIvr: Type.Number(),
      callbackRequested: Type.Number(),
      missed: Type.Number(),
    }),
  ),
  /** Share of answered calls by length: up to 1 minute, 1-2, 2-5, longer. */
  callDuration: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
  /** 111 calls received a day in England by ISO weekday, and share answered in 60 s. */
  nhs111: Type.Array(Type.Object({ weekday: Type.Integer(), received: Type.Number(), answeredIn60: Type.Number() })),
  /** A&E arrivals' share by weekday and hour (168 values, Monday 0:00 first): the best published shape for 111 and out-of-hours through the day. */
  urgentByHour: Type.Array(Type.Number()),
  source: Type.String(),
});
export type National = Static<typeof NationalSchema>;

/** A whole system definition, loaded and checked: what every room works from. */
export const DefinitionSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Content hash of the folder, its rules apart: they have versions of their own. */
  version: Type.String(),
  description: Type.String(),
  figures: Type.Array(Type.Object({ text: Type.String(), year: Type.Integer(), source: Type.String() })),
  timeZone: Type.Literal('Europe/London'),
  coreHours: WeeklyHoursSchema,
  enhancedHours: WeeklyHoursSchema,
  bankHolidayRegion: Type.Literal('england-and-wales'),
  /** Minutes of enhanced access a week per 1,000 patients. */
  minutesPer1000: Type.Number(),
  visibility: Type.Object({ practiceNames: Type.Union([Type.Literal('all'), Type.Literal('own-neighbourhood')]) }),
  /** Feeds may be on loopback or private addresses. */
  allowPrivateAddresses: Type.Boolean(),
  simulated: Type.Boolean(),
  /** System first, then top-down; sites last. Parents come before their children. */
  units: Type.Array(UnitDefSchema),
  feeds: Type.Array(FeedDefSchema),
  suppliers: Type.Optional(Type.Array(SupplierDefSchema)),
  slotTypes: Type.Optional(SlotTypesSchema),
  rules: RulesSchema,
  /** redirection.yaml; absent: by the product's own policy. */
  redirection: Type.Optional(RedirectionPolicySchema),
  published: Type.Array(PublishedMonthSchema),
  attribution: Type.Array(Type.String()),
});
export type Definition = Static<typeof DefinitionSchema>;
