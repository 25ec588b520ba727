import { ABSENCES } from '#shared/model/absence.ts';
import { dayEnd, dayStart } from '#shared/model/time.ts';
import type { BacktestSources } from '../../server/domain/backtest/backtest.ts';
import type { Span } from '../../server/domain/backtest/day.ts';
import type { Applied, LevelChange, Normal, SampleBlock, SampleQuery } from '../../server/domain/ports.ts';
import { isQuiet, QUIET } from '../../server/domain/quiet.ts';

export const NO_NORMAL: Normal = { usual: () => null, label: 'none' };

type Told = Pick<Applied, 'unit' | 'metric' | 'value' | 'absence' | 'detail' | 'observedAt'>;

const codeOf = (a: Told): number =>
  a.value !== null ? 0 : isQuiet(a) ? QUIET : 1 + ABSENCES.indexOf(a.absence ?? 'not-reported');

function blockOf(samples: readonly Told[]): SampleBlock[] {
  const [first] = samples;
  if (!first) return [];
  return [
    {
      unit: first.unit,
      metric: first.metric,
      at: Float64Array.from(samples, (a) => a.observedAt),
      value: Float64Array.from(samples, (a) => a.value ?? NaN),
      absence: Uint8Array.from(samples, codeOf),
      level: null,
    },
  ];
}

/** The history that a board has told of, read as the store would give it. */
export function memorySources(told: {
  readonly applied: readonly Told[];
  readonly levels?: readonly LevelChange[];
  readonly spans: readonly Span[];
  readonly normal?: Normal;
}): BacktestSources {
  const { applied, levels = [], spans, normal = NO_NORMAL } = told;
  const pairs = Map.groupBy(
    [...applied].sort((a, b) => a.observedAt - b.observedAt),
    (a) => `${a.unit} ${a.metric}`,
  );
  async function* samples({ units, metrics, from, to }: SampleQuery): AsyncGenerator<SampleBlock> {
    const wanted = [...pairs.values()].filter(([a]) => a && units.includes(a.unit) && metrics.includes(a.metric));
    for (const pair of wanted) yield* blockOf(pair.filter((a) => a.observedAt < from).slice(-1));
    for (let day = dayStart(from); day < to; day = dayEnd(day)) {
      const within = (a: Told) => a.observedAt >= Math.max(day, from) && a.observedAt < Math.min(dayEnd(day), to);
      for (const pair of wanted) yield* blockOf(pair.filter(within));
    }
    await Promise.resolve();
  }
  return {
    samples,
    normalOf: async () => normal,
    normalNote: normal.label,
    recorded: async () => spans,
    standing: async (at) => [
      ...new Map(levels.filter((l) => l.at < at).map((change) => [change.unit, change])).values(),
    ],
    changes: async (from, to) => levels.filter((l) => l.at >= from && l.at < to),
  };
}
