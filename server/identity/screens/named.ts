import type { IncomingMessage } from 'node:http';
import { isScreenId, SCREEN_HEADER, SCREEN_QUERY } from '#shared/protocol/names.ts';
import type { Actor } from '../../domain/ports.ts';
import type { Identify } from '../actor.ts';
import type { ScreensDesk } from './desk.ts';

/** As long as browsers keep one; renewed while the wall is in use. */
const COOKIE_S = 400 * 24 * 3600;
// One cookie a wall: cookies know no ports, and one browser may be several walls.
const cookieOf = (id: string) => `headroom-${id}`;

/** The wall that a request says it comes from: a header of its pages, or the query of a live channel. Null: none. */
export function namedScreen({ headers, url = '' }: IncomingMessage): string | null {
  const header = headers[SCREEN_HEADER];
  if (typeof header === 'string') return header;
  const query = url.indexOf('?');
  const live = url.startsWith('/socket.io') || url.startsWith('/api/live?');
  return live && query >= 0 ? new URLSearchParams(url.slice(query)).get(SCREEN_QUERY) : null;
}

export function tokenOf({ headers }: IncomingMessage, id: string): string {
  const name = `${cookieOf(id)}=`;
  const pair = (headers.cookie ?? '').split(';').find((one) => one.trim().startsWith(name));
  return pair?.trim().slice(name.length) ?? '';
}

/** `Set-Cookie` of a wall. `Secure` where its page came by https: a proxy may stand between, so its Origin decides. */
export function screenCookie(id: string, token: string, origin: string | undefined): string {
  const secure = origin?.toLowerCase().startsWith('https:') ? '; Secure' : '';
  return `${cookieOf(id)}=${token}; Path=/; Max-Age=${COOKIE_S}; HttpOnly; SameSite=Strict${secure}`;
}

/** Refuses what names a wall and is not that wall, on every route and both live channels. */
export const createScreenGuard = (desk: ScreensDesk) => (request: IncomingMessage) => {
  const id = namedScreen(request);
  if (id === null) return null;
  const proof = isScreenId(id) ? desk.prove(id, tokenOf(request, id)) : 'unknown';
  if (proof === 'good') return null;
  return proof === 'revoked'
    ? { status: 403, code: 'SCREEN_REVOKED', detail: 'This screen has been revoked' }
    : { status: 401, code: 'SCREEN_UNKNOWN', detail: 'This browser is not paired as that screen' };
};

/**
 * A request that names a wall acts as that wall, whoever sits before the browser: naming it can only lower what may be
 * done. Its cookie alone says nothing, or a person's own browser, once paired, could do nothing else any more.
 */
export const identifyScreen =
  (others: Identify): Identify =>
  (request): Actor => {
    const id = namedScreen(request);
    return id === null ? others(request) : { id, role: 'screen', tier: 'all' };
  };
