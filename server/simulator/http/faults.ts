import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Moment, Simulation } from '../simulation.ts';
import type { FeedOutage } from '../world/effects.ts';
import { breakContent } from './broken-body.ts';
import { badGzip, drip, flood, gzipBomb, hang } from './broken-transport.ts';
import { JSON_TYPE, send, type Answer } from './exchange.ts';
import type { FeedRoute } from './route.ts';

const MINUTE_MS = 60_000;
const CLOCK_AHEAD_MINUTES = 10;
const OLDER_MINUTES = 30;
const HTML =
  '<!doctype html><html><head><title>Service maintenance</title></head><body><h1>We will be back soon</h1></body></html>';
const CSV = 'Name,Value\r\nreport,pending\r\n';

export interface Faults {
  /** Answers as a broken supplier would. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    outage: FeedOutage,
    route: FeedRoute,
    moment: Moment,
  ): void;
}

export function createFaults(simulation: Pick<Simulation, 'at'>): Faults {
  /** Answers given out of order so far, by address. */
  const turns = new Map<string, number>();

  const turnOf = (path: string): number => {
    const turn = turns.get(path) ?? 0;
    turns.set(path, turn + 1);
    return turn;
  };
  /** The moment that the answer is of: the present one, an earlier one, or one under a wrong clock. */
  const shownMoment = (outage: FeedOutage, moment: Moment, path: string): Moment => {
    if (outage.mode === 'clock-off') {
      return { ...moment, stamp: moment.at + (outage.minutes ?? CLOCK_AHEAD_MINUTES) * MINUTE_MS };
    }
    const olderMs = (outage.minutes ?? OLDER_MINUTES) * MINUTE_MS;
    const from = (at: number) => simulation.at(Math.max(moment.day.start, at - olderMs));
    if (outage.mode === 'stale-cache') return from(moment.day.epochOf(outage.start));
    return outage.mode === 'out-of-order' && turnOf(path) % 2 === 1 ? from(moment.at) : moment;
  };

  return {
    answer: (request, response, outage, route, moment) => {
      const path = request.url ?? '/';
      // What is written is written now, however old a view the supplier gives.
      const shown = route.writes ? moment : shownMoment(outage, moment, path);
      if (route.writes && KEPT_OUT.has(outage.mode)) return send(request, response, keptOut(outage, route), moment.at);
      // Of a write that breaks on its way back nobody knows that it was done.
      const whole = route.answer(shown);
      const reply = (answer: Answer) => send(request, response, answer, Math.max(moment.at, shown.stamp));
      switch (outage.mode) {
        case 'status':
          return reply(statusAnswer(outage, route));
        case 'hang':
          return hang(response);
        case 'slow-drip':
          return drip(response, whole.type, whole.body());
        case 'reset':
          request.socket.resetAndDestroy();
          return;
        case 'huge':
          return flood(response, whole.type);
        case 'bad-gzip':
          return badGzip(response, whole.type, whole.body());
        case 'gzip-bomb':
          return gzipBomb(response, whole.type);
        case 'redirect-loop':
          return reply({ status: 302, type: whole.type, headers: { Location: again(path) }, body: () => '' });
        case 'html':
          return reply({ status: 200, type: 'text/html; charset=utf-8', body: () => HTML });
        case 'wrong-type':
          return reply(wrongType(whole));
        case 'half-json':
          return reply({ status: whole.status, type: whole.type, body: () => half(whole.body()) });
        case 'stale-cache': {
          const age = String(Math.round((moment.at - shown.at) / 1000));
          return reply({ ...whole, headers: { ...whole.headers, Age: age } });
        }
        case 'clock-off':
        case 'out-of-order':
          return reply(whole);
        case 'duplicate':
        case 'bad-record':
        case 'missing-sites':
          return reply(brokenContent(whole, outage.mode, outage.share));
      }
    },
  };
}

/** Faults of a gateway: what it answers itself has never been at the supplier's. */
const KEPT_OUT: ReadonlySet<FeedOutage['mode']> = new Set(['status', 'html', 'wrong-type', 'redirect-loop']);
const keptOut = (outage: FeedOutage, route: FeedRoute): Answer =>
  outage.mode === 'status'
    ? statusAnswer(outage, route)
    : { status: 200, type: 'text/html; charset=utf-8', body: () => HTML };

function statusAnswer(outage: FeedOutage, route: FeedRoute): Answer {
  const answer = route.refuse(outage.status ?? 503, outage.code);
  if (outage.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(outage.retryAfterSeconds) } };
}

const half = (body: string) => body.slice(0, body.length / 2);

/** The same address with one more mark: a circle that no comparison of addresses sees. */
function again(path: string): string {
  const url = new URL(path, 'http://localhost');
  url.searchParams.set('again', String(Number(url.searchParams.get('again') ?? 0) + 1));
  return `${url.pathname}${url.search}`;
}

const wrongType = (whole: Answer): Answer =>
  whole.type.startsWith('text/csv')
    ? { status: 200, type: JSON_TYPE, body: () => '{"report":"pending"}' }
    : { status: 200, type: 'text/csv; charset=utf-8', body: () => CSV };

/** Only answers that are well otherwise have content to break. Its own tag: the whole one is another body. */
function brokenContent(whole: Answer, mode: 'duplicate' | 'bad-record' | 'missing-sites', share?: number): Answer {
  if (whole.status !== 200) return whole;
  const etag = whole.etag === undefined ? {} : { etag: whole.etag.replace(/"$/, `-${mode}"`) };
  return { ...whole, ...etag, body: () => breakContent(whole.body(), mode, share) };
}
