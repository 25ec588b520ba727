import { immutable } from '$app/manifest';
import { self } from '$app/service-worker';
import { cacheName, markKept, wayOf } from './ways.ts';

/** The page itself: one for every address. */
const PAGE = '/';
/** Files without a hash in their name that a page cannot begin without. */
const PLAIN = ['/theme.js', '/favicon.svg', '/manifest.webmanifest'];
/** A server that says nothing for this long is taken for away; the page then says so. */
const PATIENCE_MS = 10_000;

const hashed = immutable.map(({ path }) => (path.startsWith('/') ? path : `/${path}`));
const kept = new Set([...hashed, ...PLAIN]);
const name = cacheName(hashed);

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const way = wayOf(request, self.location.origin, kept);
  if (way === 'page') event.respondWith(page(request));
  else if (way === 'kept') event.respondWith(file(request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(name);
  const wanted = [PAGE, ...PLAIN].map((path) => new Request(path, { cache: 'reload' }));
  await cache.addAll([...wanted, ...hashed]);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((one) => one !== name).map((one) => caches.delete(one)));
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // What stands before a server that is down answers for it, and has no page of ours.
    if (answer.status < 500) return answer;
    return (await keptPage()) ?? answer;
  } catch (error) {
    const page = await keptPage();
    if (page) return page;
    throw error;
  }
}

async function keptPage(): Promise<Response | null> {
  const found = await caches.match(PAGE, { cacheName: name });
  if (!found) return null;
  return new Response(markKept(await found.text()), { headers: found.headers });
}

/** Hashed files never change; the few others are asked for first. */
async function file(request: Request): Promise<Response> {
  const found = await caches.match(request, { cacheName: name });
  if (found && !PLAIN.includes(new URL(request.url).pathname)) return found;
  return fetch(request).catch((error: unknown) => {
    if (found) return found;
    throw error;
  });
}
