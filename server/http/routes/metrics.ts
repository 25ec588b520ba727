import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { FEED_STATES } from '#shared/model/absence.ts';
import { LEVELS } from '#shared/model/level.ts';
import type { BoardView } from '../../domain/ports.ts';
import type { HttpDeps } from '../deps.ts';
import { measure, renderMeasures, type Measure } from '../measures.ts';

function countBy<T>(items: readonly T[], label: string, keyOf: (item: T) => string, all: readonly string[]) {
  const counts = new Map(all.map((key) => [key, 0]));
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function boardMeasures(board: BoardView): Measure[] {
  const levels = ['unknown', ...LEVELS.map(String)];
  const sites = board.units().filter((u) => u.kind === 'site');
  return [
    measure('counter', 'headroom_board_seq', 'Revision of the board.', board.seq),
    {
      name: 'headroom_sites',
      help: 'Sites by level.',
      type: 'gauge',
      samples: countBy(sites, 'level', (u) => String(u.level ?? 'unknown'), levels),
    },
    {
      name: 'headroom_feeds',
      help: 'Feed instances by state.',
      type: 'gauge',
      samples: countBy(board.feeds(), 'state', (f) => f.state, FEED_STATES),
    },
  ];
}

function feedMeasures({ quarantine, clockOffset }: HttpDeps): Measure[] {
  const groups = quarantine.groups();
  const offset = clockOffset();
  return [
    measure('gauge', 'headroom_rejected_today', 'Records refused since London midnight.', quarantine.today()),
    measure(
      'gauge',
      'headroom_quarantine_kept',
      'Refused records of today that can be read again.',
      groups.reduce((sum, { kept }) => sum + kept, 0),
    ),
    {
      name: 'headroom_clock_offset_seconds',
      help: 'How far suppliers’ clocks are ahead of ours (median); absent while none can be compared.',
      type: 'gauge',
      samples: offset === null ? [] : [{ value: offset.offMs / 1000 }],
    },
  ];
}

function processMeasures(delay: ReturnType<typeof monitorEventLoopDelay>): Measure[] {
  const { rss, heapUsed } = process.memoryUsage();
  const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
  return [
    measure('gauge', 'process_resident_memory_bytes', 'Resident memory.', rss),
    measure('gauge', 'headroom_heap_used_bytes', 'JavaScript heap in use.', heapUsed),
    measure(
      'counter',
      'process_cpu_seconds_total',
      'CPU time, user and system.',
      process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    ),
    {
      name: 'headroom_event_loop_delay_seconds',
      help: 'Delay of the event loop since the last reading of this page.',
      type: 'gauge',
      samples: [
        { labels: { quantile: '0.5' }, value: seconds(delay.percentile(50)) },
        { labels: { quantile: '0.99' }, value: seconds(delay.percentile(99)) },
        { labels: { quantile: '1' }, value: seconds(delay.max) },
      ],
    },
  ];
}

export const metricsRoutes =
  (deps: HttpDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { board, conditions, measures, build } = deps;
    const delay = monitorEventLoopDelay({ resolution: 20 });
    delay.enable();
    app.addHook('onClose', async () => void delay.disable());
    app.get(
      '/metrics',
      { schema: { tags: ['operation'], summary: 'Counts and times of every part, as Prometheus text.' } },
      async (_request, reply) => {
        const states = conditions().map(({ part, status }) => ({ labels: { part, status }, value: 1 }));
        const text = renderMeasures([
          {
            name: 'headroom_build_info',
            help: 'The build.',
            type: 'gauge',
            samples: [{ labels: { build }, value: 1 }],
          },
          ...boardMeasures(board),
          ...feedMeasures(deps),
          { name: 'headroom_condition', help: 'How well each part is.', type: 'gauge', samples: states },
          ...measures(),
          ...processMeasures(delay),
        ]);
        delay.reset();
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
      },
    );
  };
