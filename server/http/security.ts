import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { HttpProblem } from './errors.ts';
import { HEADERS } from './headers.ts';

export interface AccessRule {
  /** The address that is listened on. */
  readonly host: string;
  /** Further host names under which browsers may reach this server. */
  readonly hosts: readonly string[];
}
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** `host`, `host:port` and `[v6]:port` taken apart; null when it is none of them. */
function splitHost(text: string): { name: string; port: string } | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::(\d{1,5}))?$/.exec(text.toLowerCase());
  return match?.[1] === undefined ? null : { name: match[1].replace(/^\[|\]$/g, ''), port: match[2] ?? '' };
}

const isLoopbackName = (name: string) =>
  name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));

/**
 * The rule on Host and Origin, for every route and both live channels. Host must be a name of ours, or a page
 * elsewhere could reach us under its own name (DNS rebinding). Origin, where a browser sends one, must be the very
 * address that was asked, or a name that the operator allowed. Programs send no Origin.
 */
export function createGuard(rule: AccessRule): (request: IncomingMessage) => Refused | null {
  const everywhere = ['0.0.0.0', '::'];
  const named = new Set([rule.host.toLowerCase(), ...rule.hosts].filter((h) => !everywhere.includes(h)));
  const isOurs = (text: string) => {
    const host = splitHost(text);
    return host !== null && (isLoopbackName(host.name) || named.has(host.name) || named.has(text.toLowerCase()));
  };
  return ({ headers }) => {
    const { host = '', origin } = headers;
    if (!isOurs(host)) {
      const detail = 'This server does not answer under that name; the operator can allow it in HEADROOM_HOSTS';
      return { status: 403, code: 'HOST_REFUSED', detail };
    }
    if (origin === undefined) return null;
    const from = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1] ?? '';
    const name = splitHost(from)?.name ?? '';
    const allowed =
      (from !== '' && from === host.toLowerCase()) || rule.hosts.includes(name) || rule.hosts.includes(from);
    if (allowed) return null;
    const detail = 'Pages of other sites may not use this server; the operator can allow a name in HEADROOM_HOSTS';
    return { status: 403, code: 'ORIGIN_REFUSED', detail };
  };
}

const sources = (html: string, element: RegExp) =>
  [...html.matchAll(element)].map(
    (m) =>
      `'sha256-${createHash('sha256')
        .update(m[1] ?? '')
        .digest('base64')}'`,
  );

/** Content policy for a page of ours: scripts and styles from here only, inline ones by their hash. */
export function contentPolicy(html: string): string {
  const scripts = sources(html, /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  const styles = sources(html, /<style[^>]*>([\s\S]*?)<\/style>/g);
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    // Components place bars and marks by style attributes, which no hash can name.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Content policy of the service worker, which is no page: it fetches what pages ask for, from here alone. */
export const WORKER_POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'";

/** The guard and the headers on every answer, refusals included; nothing of the API is kept by caches. */
export function addSecurity(app: FastifyInstance, guard: ReturnType<typeof createGuard>): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (request.url.startsWith('/api/') || request.url === '/metrics') reply.header('cache-control', 'no-store');
    const refused = guard(request.raw);
    if (refused !== null) throw new HttpProblem(refused.status, refused.code, refused.detail);
  });
}
