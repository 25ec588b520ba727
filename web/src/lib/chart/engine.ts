import type { Chart as ChartClass } from 'chart.js';

export type ChartEngine = typeof ChartClass;

let loading: Promise<ChartEngine> | undefined;

/** However busy the page is: a chart that never comes is worse than one that hinders for a moment. */
const LATEST_MS = 2000;

/** When the first view has been painted and the page has nothing else to do. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    const idle = () =>
      // Safari has no such call.
      'requestIdleCallback' in window
        ? requestIdleCallback(() => resolve(), { timeout: LATEST_MS })
        : setTimeout(() => resolve(), 50);
    // A hidden page gets no frames, and needs no charts until it is looked at.
    requestAnimationFrame(() => requestAnimationFrame(idle));
  });
}

/** Chart.js with only the parts that are drawn here, fetched once and after the first view (it is not in the first load). */
export function loadEngine(): Promise<ChartEngine> {
  loading ??= atRest()
    .then(() => import('chart.js'))
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
