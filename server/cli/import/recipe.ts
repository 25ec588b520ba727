import Type, { type Static } from 'typebox';
import { Literals } from '#shared/model/literals.ts';
import { SITE_KINDS } from '#shared/model/kind-names.ts';

const Text = Type.String({ minLength: 1 });
const Texts = Type.Array(Text, { minItems: 1 });
const Point = Type.Object({ lat: Type.Number(), lon: Type.Number() }, { additionalProperties: false });
const Shares = Type.Record(Type.String({ pattern: '^[a-z0-9-]+$' }), Type.Number({ exclusiveMinimum: 0 }));

/** A place and what belongs to it. A network goes where most of its patients are; a practice without one, by itself. */
const PlaceSchema = Type.Object(
  {
    id: Text,
    name: Text,
    odsCode: Type.Optional(Text),
    parent: Type.Optional(Text),
    illustrative: Type.Optional(Type.Boolean()),
    subIcbs: Type.Optional(Texts),
    /** Local authority codes, by the practice's position. */
    districts: Type.Optional(Texts),
    /** Network codes. */
    networks: Type.Optional(Texts),
    practices: Type.Optional(Texts),
  },
  { additionalProperties: false },
);

/** A neighbourhood that is no network of today. Practices named come first, then former networks, then the nearest. */
const NeighbourhoodSchema = Type.Object(
  {
    id: Text,
    name: Text,
    place: Text,
    illustrative: Type.Optional(Type.Boolean()),
    practices: Type.Optional(Texts),
    /** Names of networks a practice once belonged to (membership file). */
    formerNetworks: Type.Optional(Texts),
    near: Type.Optional(Point),
  },
  { additionalProperties: false },
);

/** A hub or service: a code of the register, a 111 contract, or a made-up `X-…` with its name saying so. */
const ServiceSchema = Type.Object(
  {
    code: Text,
    kind: Literals(SITE_KINDS),
    parent: Text,
    name: Type.Optional(Text),
    opening: Type.Optional(Text),
    services: Type.Optional(Texts),
    /** Bookable minutes a week. Hubs without it share 60 per 1,000 of the people they serve. */
    minutes: Type.Optional(Type.Integer({ minimum: 0 })),
    at: Type.Optional(Point),
    /** False for a service whose system publishes no slots: it is shown as not onboarded. */
    onboarded: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ServiceRecipe = Static<typeof ServiceSchema>;

const SourcesSchema = Type.Object(
  {
    register: Text,
    lists: Text,
    networks: Text,
    memberships: Type.Optional(Text),
    positions: Type.Optional(Text),
    workforce: Type.Optional(Text),
    /** `practice_code`, `deprivation_fifth`. */
    deprivation: Type.Optional(Text),
    callOutcomes: Text,
    callsAnswered: Text,
    callsMissed: Text,
    online: Type.Optional(Text),
    urgentContracts: Type.Optional(Text),
    icbBoundaries: Type.Optional(Text),
    boundaries: Type.Optional(Text),
  },
  { additionalProperties: false },
);

export const RecipeSchema = Type.Object(
  {
    /** Copied into system.yaml. */
    system: Type.Object(
      {
        id: Text,
        name: Text,
        odsCode: Type.Optional(Text),
        description: Text,
        figures: Type.Array(
          Type.Object({ text: Text, year: Type.Integer(), source: Text }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
    /** Paths below the folder given with --from. */
    sources: SourcesSchema,
    /** Sub-ICB codes, or `all` of England. */
    subIcbs: Type.Union([Type.Literal('all'), Texts]),
    /** `administrative`: region, ICB and sub-ICB nested. */
    places: Type.Union([Type.Literal('administrative'), Type.Array(PlaceSchema, { minItems: 1 })]),
    /** `networks`: today's primary care networks. */
    neighbourhoods: Type.Union([Type.Literal('networks'), Type.Array(NeighbourhoodSchema, { minItems: 1 })]),
    /** Names that the register spells badly, by code. */
    names: Type.Optional(Type.Record(Type.String(), Text)),
    /** `register`: hubs, out-of-hours and urgent treatment by the register's own settings and names. */
    services: Type.Union([Type.Literal('register'), Type.Array(ServiceSchema)]),
    /** Makes illustrative hubs for neighbourhoods that none serves, each for at most so many patients. */
    fillHubs: Type.Optional(Type.Object({ upTo: Type.Integer({ minimum: 1000 }) }, { additionalProperties: false })),
    /** Months to take; absent: all that are published. */
    months: Type.Optional(Texts),
    /** Invented suppliers and the demonstration's feeds. Absent: no feeds, no supplier identifiers. */
    demonstration: Type.Optional(
      Type.Object(
        {
          telephony: Shares,
          clinical: Type.Object({ emis: Text, other: Text }, { additionalProperties: false }),
          bookings: Text,
          urgent: Text,
          /** Online consultations; about one practice in twenty has none of them. */
          online: Shares,
          declared: Text,
          /** The rota system that a part of the practices have: who was planned for today, and who is there. */
          rota: Type.Optional(Text),
          /** The clinical system whose practices also show their slots ahead by GP Connect. */
          ahead: Type.Optional(Text),
          /** Telephone suppliers that are asked as the clouds are: current metrics, and queue observations. */
          clouds: Type.Optional(Type.Object({ connect: Text, observations: Text }, { additionalProperties: false })),
          /** The telephone supplier whose "missed" counts those who hung up in the menu. */
          ownWords: Text,
          /** Suppliers that want to know who asks. */
          signIn: Type.Object({ bearer: Text, basic: Text }, { additionalProperties: false }),
          /** Telephone accounts of several practices, which all get this supplier. */
          shared: Type.Optional(
            Type.Array(Type.Object({ supplier: Text, account: Text, sites: Texts }, { additionalProperties: false })),
          ),
          pace: Type.Union([Type.Literal('ordinary'), Type.Literal('slow')]),
        },
        { additionalProperties: false },
      ),
    ),
    /** Outlines for the map: which features of which boundary file make which place. */
    map: Type.Optional(
      Type.Object(
        {
          file: Text,
          codeKey: Text,
          nameKey: Text,
          /** Place id to feature codes; `by-name`: features whose name is the place's. */
          places: Type.Union([Type.Literal('by-name'), Type.Record(Type.String(), Texts)]),
          /** Digits kept and the detail dropped, in degrees. */
          tolerance: Type.Optional(Type.Number({ minimum: 0, maximum: 0.1 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Recipe = Static<typeof RecipeSchema>;
export type PlaceRecipe = Static<typeof PlaceSchema>;
export type NeighbourhoodRecipe = Static<typeof NeighbourhoodSchema>;
