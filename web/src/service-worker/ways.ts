/** How a request is answered: from the network, from what is kept, or not by the worker at all. */
export type Way = 'page' | 'kept' | 'none';

/** What is needed of a `Request`. */
export interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly cache: string;
  readonly url: string;
}

/**
 * Pages come from the network, always, and from what is kept only while there is no network: so no old page can hold
 * itself. Files that carry their own hash in the name are kept. Everything else, live data above all, never passes here.
 */
export function wayOf(request: Asked, origin: string, kept: ReadonlySet<string>): Way {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'none';
  // Whoever asks past the browser's caches asks past this one: walls look whether the server is really there.
  if (request.cache === 'no-store' || request.cache === 'reload') return 'none';
  if (/^\/(api|socket\.io|metrics)(\/|$)/.test(url.pathname)) return 'none';
  if (request.mode === 'navigate') return 'page';
  return kept.has(url.pathname) ? 'kept' : 'none';
}

/** A name for what is kept that changes with every build: its files carry their hashes in their names. */
export function cacheName(files: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const letter of [...files].sort().join('\n')) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return `headroom-shell-${hash.toString(36)}`;
}

/** Marks a page that was kept, so that it says at once that it is not live. Its scripts stay as they are, and so their hashes. */
export function markKept(html: string): string {
  return html.replace('<html', '<html data-kept');
}
