import type { OwnAsked, OwnOffer, OwnPreview, Redirection } from '$shared/protocol/redirections';
import { send } from './send.ts';
import { isRecord } from './shape.ts';

const isPreview = (body: unknown): body is OwnPreview => isRecord(body) && Array.isArray(body['practices']);
const isRedirection = (body: unknown): body is Redirection =>
  isRecord(body) && typeof body['id'] === 'string' && typeof body['revision'] === 'number';

/** What an offer of one's own would do: nothing is saved. */
export const previewOwn = (body: OwnAsked, signal: AbortSignal) =>
  send('POST', '/api/redirections/preview', body, isPreview, signal);

/** An offer of one's own: held at once, all of it or none. */
export const postOwn = (body: OwnOffer, signal: AbortSignal) =>
  send('POST', '/api/redirections', body, isRedirection, signal);
