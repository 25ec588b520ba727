import type { Chart as ChartClass } from 'chart.js';

export type ChartEngine = typeof ChartClass;

let loading: Promise<ChartEngine> | undefined;

/** Chart.js with only the parts that are drawn here, fetched once and after the first view (it is not in the first load). */
export function loadEngine(): Promise<ChartEngine> {
  loading ??= import('chart.js')
    .then((lib) => {
      lib.Chart.register(
        lib.LineController,
        lib.LineElement,
        lib.PointElement,
        lib.BarController,
        lib.BarElement,
        lib.LinearScale,
        lib.Filler,
      );
      return lib.Chart;
    })
    .catch((error: unknown) => {
      // A failed download must not be remembered: the next chart tries again.
      loading = undefined;
      throw error;
    });
  return loading;
}
