import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { UnitDef } from '#shared/model/definition.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { connectMetrics, isConnectMetric } from '../wire/connect-metrics.ts';
import { queueObservations } from '../wire/queue-observations.ts';
import { jsonAnswer, JSON_TYPE, type Answer } from './exchange.ts';
import { refuseJson, type Asked, type FeedRoute } from './route.ts';

const MOST_QUEUES = 100;
const Texts = Type.Array(Type.String());

/** Amazon Connect: the queues to be told about, and the metrics, must be named. */
const ConnectQuery = Compile(
  Type.Object({
    Filters: Type.Object({ Queues: Type.Array(Type.String(), { minItems: 1, maxItems: MOST_QUEUES }) }),
    CurrentMetrics: Type.Array(Type.Object({ Name: Type.String(), Unit: Type.Optional(Type.String()) }), {
      minItems: 1,
    }),
    Groupings: Type.Optional(Texts),
  }),
);

/** Genesys Cloud: a filter of predicates by queue, the metrics, and those wanted in detail. */
const ObservationsSchema = Type.Object({
  filter: Type.Object({
    type: Type.Union([Type.Literal('or'), Type.Literal('and')]),
    predicates: Type.Array(Type.Object({ dimension: Type.Literal('queueId'), value: Type.String() }), { minItems: 1 }),
  }),
  metrics: Type.Array(Type.String(), { minItems: 1 }),
  detailMetrics: Type.Optional(Texts),
});
const ObservationsQuery = Compile(ObservationsSchema);

const OBSERVATIONS = 'api/v2/analytics/queues/observations/query';
const CURRENT_METRICS = /^metrics\/current\/[\w-]+$/;

/** Suppliers whose figures are asked for by POST. */
export function queryRoute(simulation: Simulation, supplier: string, path: string, asked: Asked): FeedRoute | null {
  const sites = simulation.directory.sites(supplier, 'mapped-json');
  const answers = CURRENT_METRICS.test(path) ? connectAnswer : path === OBSERVATIONS ? observationsAnswer : null;
  if (!answers) return null;
  return {
    supplier,
    adapter: 'mapped-json',
    site: null,
    needs: sites,
    needsTotals: [],
    answer: (moment) => answers(sites, bodyOf(asked), moment),
    refuse: refuseJson,
  };
}

function bodyOf({ body }: Asked): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const made = (body: () => string): Answer => ({ status: 200, type: JSON_TYPE, body });
const ofQueues = (sites: readonly UnitDef[], ids: ReadonlySet<string>) =>
  sites.filter((site) => ids.has(site.identifiers['queue'] ?? ''));

function connectAnswer(sites: readonly UnitDef[], query: unknown, { world, day, at, stamp }: Moment): Answer {
  const refused = (status: number, type: string, Message: string): Answer => ({
    ...jsonAnswer({ Message }, status),
    headers: { 'x-amzn-ErrorType': type },
  });
  if (!ConnectQuery.Check(query)) return refused(400, 'InvalidRequestException', 'The request is not valid.');
  const metrics = query.CurrentMetrics.map((metric) => metric.Name);
  if (!metrics.every(isConnectMetric)) return refused(400, 'InvalidParameterException', 'A metric is not known.');
  if (query.Groupings?.join() !== 'QUEUE')
    return refused(400, 'InvalidParameterException', 'Only grouping by QUEUE is offered.');
  const wanted = ofQueues(sites, new Set(query.Filters.Queues));
  if (wanted.length < query.Filters.Queues.length)
    return refused(404, 'ResourceNotFoundException', 'A queue was not found.');
  return made(() => connectMetrics(world, wanted, metrics, day, at, stamp));
}

function observationsAnswer(sites: readonly UnitDef[], query: unknown, { world, day, at, stamp }: Moment): Answer {
  if (!ObservationsQuery.Check(query)) {
    return jsonAnswer({ message: 'The query is not valid.', code: 'bad.request', status: 400 }, 400);
  }
  const wanted = ofQueues(sites, new Set(query.filter.predicates.map((predicate) => predicate.value)));
  return made(() => queueObservations(world, wanted, wantedOf(query), day, at, stamp));
}

const wantedOf = ({ metrics, detailMetrics = [] }: Static<typeof ObservationsSchema>) => ({
  metrics: new Set(metrics),
  details: new Set(detailMetrics),
});
