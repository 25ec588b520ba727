import type { EpochMs } from '$shared/model/time';

const KEY = 'headroom-last-live';

/** Whether the browser took this page out of what it keeps, because no server answered. */
export const isKeptPage = (): boolean => document.documentElement.hasAttribute('data-kept');

/** When this browser last had data, on the product's clock; null: never, or it may not remember. */
export function readLastLive(): EpochMs | null {
  try {
    const at = Number(localStorage.getItem(KEY) ?? NaN);
    return Number.isFinite(at) ? at : null;
  } catch {
    return null;
  }
}

/** Keeps that time whenever the page is left, for a page that opens without a server. Returns the way out. */
export function rememberLastLive(read: () => EpochMs | null): () => void {
  const keep = () => {
    const at = read();
    try {
      if (at !== null) localStorage.setItem(KEY, String(at));
    } catch {
      // Without storage a kept page says that it has no data, and not since when.
    }
  };
  window.addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', keep);
  return () => {
    window.removeEventListener('pagehide', keep);
    document.removeEventListener('visibilitychange', keep);
  };
}
