import { EventEmitter } from 'node:events';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { addActor, type Identify } from './identity/actor.ts';
import { addAudit, type Audit } from './identity/audit.ts';
import { screenMeasures } from './identity/screens/desk.ts';
import { createScreenGuard, identifyScreen } from './identity/screens/named.ts';
import type { Replays } from './domain/replay/player.ts';
import { addCompilers } from './http/compilers.ts';
import type { HttpDeps } from './http/deps.ts';
import { addErrors, renderError } from './http/errors.ts';
import { addOpenApi } from './http/openapi.ts';
import { backtestRoutes } from './http/routes/backtests.ts';
import { boardRoutes } from './http/routes/board.ts';
import { catalogueRoutes } from './http/routes/catalogue.ts';
import { changeRoutes } from './http/routes/changes.ts';
import { docsRoutes } from './http/routes/docs.ts';
import { feedCommandRoutes } from './http/routes/feed-commands.ts';
import { feedSummaryRoutes } from './http/routes/feed-summary.ts';
import { feedRoutes } from './http/routes/feeds.ts';
import { healthRoutes } from './http/routes/health.ts';
import { hubRoutes } from './http/routes/hubs.ts';
import { normalRoutes } from './http/routes/normal.ts';
import { metricsRoutes } from './http/routes/metrics.ts';
import { publishedRoutes } from './http/routes/published.ts';
import { redirectionRoutes } from './http/routes/redirections.ts';
import { replayRoutes } from './http/routes/replay.ts';
import { rulesDraftRoutes } from './http/routes/rules-drafts.ts';
import { rulesRoutes } from './http/routes/rules.ts';
import { pairingRoutes } from './http/routes/screen-pairing.ts';
import { screenRoutes } from './http/routes/screens.ts';
import { scorecardRoutes } from './http/routes/scorecard.ts';
import { addScreenLimits } from './http/screen-limits.ts';
import { seriesRoutes } from './http/routes/series.ts';
import { spreadRoutes } from './http/routes/spread.ts';
import { systemRoutes } from './http/routes/system.ts';
import { unitRoutes } from './http/routes/unit.ts';
import { addSecurity, createGuard, type AccessRule } from './http/security.ts';
import { addStaticWeb } from './http/static-web.ts';
import type { Measure } from './http/measures.ts';
import { createHub } from './live/hub.ts';
import { createTrouble } from './live/trouble.ts';
import type { LiveLimits } from './live/limits.ts';
import { liveMeasures } from './live/measures.ts';
import { createSocketIoChannel } from './live/socket-io.ts';
import { createFront } from './live/upgrade.ts';
import { addWebSocketChannel } from './live/websocket.ts';

export interface AppDeps extends HttpDeps {
  /** Replays for live clients. */
  readonly replays: Replays;
  readonly access: AccessRule;
  readonly identify: Identify;
  readonly audit: Audit;
  /** `HEADROOM_OPEN` in words; null while only loopback is served. */
  readonly open: string | null;
  readonly webFolder: string;
  readonly logger: FastifyBaseLogger;
  readonly liveLimits?: Partial<LiveLimits>;
}

const BODY_BYTES = 64 * 1024;
const HANDLER_MS = 15_000;

/**
 * The server's app: routes, both live channels, the pages. It never listens, and closing it ends every client and
 * timer of its own; board, store and poller belong to whoever made them.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { board, clock, build, open } = deps;
  const trouble = createTrouble(deps.conditions, () => performance.now());
  const hub = createHub({
    board,
    clock,
    build,
    open,
    trouble,
    replays: deps.replays,
    redirections: () => deps.redirections.revision,
    ...(deps.liveLimits ? { limits: deps.liveLimits } : {}),
  });
  const { screens } = deps;
  const isOurs = createGuard(deps.access);
  const isThatScreen = createScreenGuard(screens);
  const guard: typeof isOurs = (request) => isOurs(request) ?? isThatScreen(request);
  const identify = identifyScreen(deps.identify);
  const socketIo = createSocketIoChannel({ hub, identify });
  const webSocket = new EventEmitter();
  const makeServer = createFront({ socketIo: socketIo.entrance, webSocket, guard });

  const app = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: makeServer,
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES,
    handlerTimeout: HANDLER_MS,
    frameworkErrors: (error, request, reply) => void renderError(error, request, reply),
  });
  app.decorate('makeServer', makeServer);
  // A page elsewhere can send plain text without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');

  await addCompilers(app);
  addErrors(app);
  addSecurity(app, guard);
  addActor(app, identify);
  addScreenLimits(app);
  addAudit(app, deps.audit, clock);

  const leave = screens.onRevoked((id) => hub.endOf(id));
  app.addHook('onReady', async () => hub.start());
  app.addHook('preClose', async () => {
    leave();
    screens.stop();
    hub.stop();
    await socketIo.close();
  });
  await addWebSocketChannel(app, hub, webSocket);

  await addOpenApi(app, build);
  const measures = (): Measure[] => [
    ...[...deps.measures(), ...liveMeasures(hub.stats())],
    ...screenMeasures(screens.list()),
  ];
  const http: HttpDeps = { ...deps, measures };
  await app.register(healthRoutes(http));
  await app.register(boardRoutes(http));
  await app.register(unitRoutes(http));
  await app.register(hubRoutes(http));
  await app.register(redirectionRoutes(http));
  await app.register(scorecardRoutes(http));
  await app.register(replayRoutes(http));
  await app.register(seriesRoutes(http));
  await app.register(normalRoutes(http));
  await app.register(spreadRoutes(http));
  await app.register(publishedRoutes(http));
  await app.register(feedRoutes(http));
  await app.register(feedSummaryRoutes(http));
  await app.register(feedCommandRoutes(http));
  await app.register(rulesRoutes(http));
  await app.register(rulesDraftRoutes(http));
  await app.register(backtestRoutes(http));
  await app.register(pairingRoutes(http));
  await app.register(screenRoutes(http));
  await app.register(catalogueRoutes(http));
  await app.register(changeRoutes(http));
  await app.register(systemRoutes(http));
  await app.register(metricsRoutes(http));
  await app.register(docsRoutes());
  await addStaticWeb(app, deps.webFolder);
  return app;
}
