import type {
  Approve,
  ChangeScreen,
  Collected,
  Pairing,
  Screen,
  ScreenOrders,
  Screens,
  ScreenSeen,
} from '$shared/protocol/screens';
import { get } from './get.ts';
import { send, type Sent } from './send.ts';
import { holdsLists, isRecord } from './shape.ts';

const part = encodeURIComponent;
const has =
  <T>(...names: readonly string[]) =>
  (body: unknown): body is T =>
    isRecord(body) && names.every((name) => name in body);
const isScreen = has<Screen>('id', 'settings', 'state');

export const getScreens = (signal: AbortSignal) => get('/api/screens', holdsLists<Screens>('screens'), signal);
export const getScreen = (id: string, signal: AbortSignal) => get(`/api/screens/${part(id)}`, isScreen, signal);
export const approveScreen = (body: Approve, signal: AbortSignal) =>
  send('POST', '/api/screens', body, isScreen, signal);
export const changeScreen = (id: string, body: ChangeScreen, signal: AbortSignal) =>
  send('PUT', `/api/screens/${part(id)}`, body, isScreen, signal);
export const stepScreen = (id: string, by: -1 | 1, signal: AbortSignal) =>
  send('POST', `/api/screens/${part(id)}/step`, { by }, isScreen, signal);
export const revokeScreen = (id: string, signal: AbortSignal) =>
  send('POST', `/api/screens/${part(id)}/revoke`, undefined, isScreen, signal);
export const restoreScreen = (id: string, signal: AbortSignal) =>
  send('POST', `/api/screens/${part(id)}/restore`, undefined, isScreen, signal);

export const askCode = (signal: AbortSignal) =>
  send('POST', '/api/screens/codes', undefined, has<Pairing>('code', 'secret', 'expiresInMs'), signal);
export const collectScreen = (secret: string, signal: AbortSignal) =>
  send('POST', '/api/screens/codes/collect', { secret }, has<Collected>('state'), signal);

/** `known`: the orders that this wall has; the answer then waits a while for others. */
export function postSeen(
  id: string,
  seen: ScreenSeen,
  known: ScreenOrders | null,
  signal: AbortSignal,
): Promise<Sent<ScreenOrders>> {
  const query = known === null ? '' : `?revision=${known.revision}&steps=${known.steps.count}`;
  return send('POST', `/api/screens/${part(id)}/seen${query}`, seen, has<ScreenOrders>('settings', 'steps'), signal);
}
