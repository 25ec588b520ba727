import type { Redirection, Redirections } from '$shared/protocol/redirections';
import type { WhatIf, WhatIfResult } from '$shared/protocol/what-if';
import { get } from './get.ts';
import { send } from './send.ts';
import { holdsLists, isRecord } from './shape.ts';

/** What can be done with a redirection, as the end of its address. */
export type RedirectionVerb = 'accept' | 'refuse' | 'release' | 'keep' | 'undo' | 'acknowledge' | 'fulfil';

const isRedirection = (body: unknown): body is Redirection =>
  isRecord(body) && typeof body['id'] === 'string' && typeof body['revision'] === 'number';

/** `unit` null: of the whole system. */
export const getRedirections = (unit: string | null, signal: AbortSignal) =>
  get(
    `/api/redirections${unit === null ? '' : `?${new URLSearchParams({ unit })}`}`,
    holdsLists<Redirections>('redirections', 'help'),
    signal,
  );

/** `body` holds the call's own key: the same call sent again gets the same answer. */
export const postRedirection = (id: string, verb: RedirectionVerb, body: unknown, signal: AbortSignal) =>
  send('POST', `/api/redirections/${encodeURIComponent(id)}/${verb}`, body, isRedirection, signal);

/** Asks only: nothing is saved or offered by it. */
export const postWhatIf = (asked: WhatIf, signal: AbortSignal) =>
  send('POST', '/api/redirections/what-if', asked, holdsLists<WhatIfResult>('warnings', 'effects', 'flows'), signal);
