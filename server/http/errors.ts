import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toInstant } from '#shared/model/time.ts';
import type { Problem } from '#shared/protocol/api.ts';
import { NotRecorded } from '../domain/replay/player.ts';
import type { Stretch } from '../domain/replay/recorded.ts';
import { RedirectionProblem, type RedirectionProblemCode } from '../domain/redirection/problem-codes.ts';
import { RulesProblem, type RulesProblemCode } from '../domain/rules/problem.ts';
import { ScreensProblem, type ScreensProblemCode } from '../identity/screens/problem.ts';
import { HEADERS } from './headers.ts';

type Faults = NonNullable<Problem['errors']>;

/** An expected failure of a request: a stable code, words for people, and nothing of the inside. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: Faults;
  /** Further members of the problem document. */
  readonly more: Partial<Pick<Problem, 'nearest' | 'available'>> = {};
  /** Seconds after which to ask again. */
  readonly retryAfter: number | undefined = undefined;

  constructor(status: number, code: string, detail: string, faults: Faults = [], options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

export const badInput = (path: string, message: string) =>
  new HttpProblem(400, 'BAD_INPUT', `${path} ${message}`, [{ path, message }]);
export const unknownUnit = () => new HttpProblem(404, 'UNKNOWN_UNIT', 'No unit of this system has that id');
export const unknownFeed = () => new HttpProblem(404, 'UNKNOWN_FEED', 'No feed instance of this system has that id');
export const unknownFeeds = (ids: readonly string[]) => {
  const named = ids.slice(0, 20).join(', ') + (ids.length > 20 ? ` and ${ids.length - 20} more` : '');
  return new HttpProblem(404, 'UNKNOWN_FEED', `No feed or feed instance of this system has the id ${named}`);
};
export const unknownGroup = () => new HttpProblem(404, 'UNKNOWN_GROUP', 'No refused records are kept under that group');
export const noAnswer = () =>
  new HttpProblem(404, 'NO_ANSWER', 'No answer of this feed is kept; ask for one by a poll with "keep"');
export const notFound = () => new HttpProblem(404, 'NOT_FOUND', 'There is nothing at this address');
export const storeUnavailable = (cause: unknown) =>
  new HttpProblem(503, 'STORE_UNAVAILABLE', 'The history cannot be read just now; live data is not affected', [], {
    cause,
  });

/** Nothing was recorded then; names the nearest recordings on either side. */
class NotRecordedProblem extends HttpProblem {
  override readonly more: Pick<Problem, 'nearest'>;

  constructor(error: NotRecorded) {
    super(404, error.code, error.message, [], { cause: error });
    const say = (stretch: Stretch | null) =>
      stretch === null ? null : { from: toInstant(stretch.from), to: toInstant(stretch.to) };
    this.more = { nearest: { before: say(error.before), after: say(error.after) } };
  }
}

const OF_REDIRECTIONS: Readonly<Record<RedirectionProblemCode, number>> = {
  UNKNOWN_REDIRECTION: 404,
  REDIRECTION_MOVED_ON: 409,
  NOT_POSSIBLE_NOW: 409,
  SLOTS_GONE: 409,
  UNDO_OVER: 409,
  BAD_CHANGE: 422,
  TOO_MANY_QUESTIONS: 429,
  BAD_SHARES: 422,
  NOT_KEPT: 503,
};

/** Says how many slots are left, where that is the trouble. */
class RedirectionHttpProblem extends HttpProblem {
  override readonly more: Pick<Problem, 'available'>;

  constructor({ code, message, available }: RedirectionProblem) {
    super(OF_REDIRECTIONS[code], code, message);
    this.more = available === null ? {} : { available };
  }
}

const OF_SCREENS: Readonly<Record<ScreensProblemCode, number>> = {
  UNKNOWN_CODE: 404,
  UNKNOWN_SCREEN: 404,
  SCREEN_MOVED_ON: 409,
  SCREEN_NOT_IN_USE: 409,
  SCREEN_NAME_TAKEN: 409,
  SCREENS_FULL: 503,
  SCREENS_NOT_KEPT: 503,
  TOO_MANY_TRIES: 429,
  TOO_MANY_CODES: 429,
};

class ScreensHttpProblem extends HttpProblem {
  override readonly retryAfter: number | undefined;

  constructor(error: ScreensProblem) {
    super(OF_SCREENS[error.code], error.code, error.message, [], { cause: error });
    this.retryAfter = error.retryMs === undefined ? undefined : Math.max(1, Math.ceil(error.retryMs / 1000));
  }
}
const notRecorded = (error: NotRecorded) => new NotRecordedProblem(error);

/** Failures of the recording, and Fastify's own that a caller can bring about. Everything else is ours, and says only that. */
const BY_CODE: Readonly<Record<string, readonly [number, string, string]>> = {
  RECORDING_BROKEN: [500, 'RECORDING_BROKEN', 'The recording of that time cannot be read'],
  REPLAY_BUSY: [503, 'REPLAY_BUSY', 'Too many moments of the past are being asked for; try again soon'],
  REPLAY_LEFT: [503, 'REPLAY_LEFT', 'Nobody waits for the answer any more'],
  REPLAY_LOST: [503, 'REPLAY_LOST', 'The past could not be put together just now; try again soon'],
  FST_ERR_BAD_URL: [400, 'BAD_URL', 'The address is not well formed'],
  FST_ERR_MAX_PARAM_LENGTH: [400, 'BAD_URL', 'The address is too long'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'BAD_JSON', 'The body is not JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BAD_JSON', 'The body is empty'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BAD_LENGTH', 'The body is not as long as it says'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json'],
  FST_ERR_HANDLER_TIMEOUT: [503, 'TIMEOUT', 'The answer took too long'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'TOO_LARGE', 'The body is too large'],
};
const CONTEXTS: Readonly<Record<string, string>> = { querystring: '/query', params: '/path', headers: '/header' };

function faultsOf(error: FastifyError): Faults {
  const context = CONTEXTS[error.validationContext ?? ''] ?? '/body';
  return (error.validation ?? []).map(({ instancePath, params, message = 'is not valid' }) => {
    const name = params['missingProperty'] ?? params['additionalProperty'] ?? params['tag'];
    return { path: `${context}${instancePath}${typeof name === 'string' ? `/${name}` : ''}`, message };
  });
}

const OF_RULES: Readonly<Record<RulesProblemCode, number>> = {
  RULES_MOVED_ON: 409,
  RULES_UNCHANGED: 409,
  RULES_FAULTY: 422,
  UNKNOWN_RULES: 404,
  RULES_NOT_YET_IN_FORCE: 503,
  DRAFT_MOVED_ON: 409,
  UNKNOWN_DRAFT: 404,
  TOO_MANY_DRAFTS: 409,
};

function asProblem(error: unknown): HttpProblem | null {
  if (error instanceof HttpProblem) return error;
  if (error instanceof RulesProblem) {
    return new HttpProblem(OF_RULES[error.code], error.code, error.message, [...error.faults]);
  }
  if (error instanceof RedirectionProblem) return new RedirectionHttpProblem(error);
  if (error instanceof ScreensProblem) return new ScreensHttpProblem(error);
  if (!(error instanceof Error) || !('code' in error)) return null;
  if ('validation' in error && Array.isArray(error.validation)) {
    const faults = faultsOf(error as FastifyError);
    const first = faults[0];
    return new HttpProblem(
      400,
      'BAD_INPUT',
      first ? `${first.path} ${first.message}` : 'The input is not valid',
      faults,
    );
  }
  if (error instanceof NotRecorded) return notRecorded(error);
  if (error.code === 'STORE_UNAVAILABLE') return storeUnavailable(error);
  const known = BY_CODE[String(error.code)];
  return known ? new HttpProblem(...known, [], { cause: error }) : null;
}

function render(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const body: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...problem.more,
    ...(problem.faults.length > 0 ? { errors: problem.faults } : {}),
  };
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .headers({ ...HEADERS, 'cache-control': 'no-store' })
    .headers(problem.retryAfter === undefined ? {} : { 'retry-after': String(problem.retryAfter) })
    .serializer(JSON.stringify)
    .send(body);
}

/** The one renderer of failures: expected ones by their code, all others as INTERNAL with the cause in the log only. */
export function renderError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error);
  if (problem !== null) return render(reply, problem);
  request.log.error({ type: 'http.failed', route: request.routeOptions.url, err: error }, 'a request failed');
  return render(reply, new HttpProblem(500, 'INTERNAL', 'Something went wrong on the server'));
}

export function addErrors(app: FastifyInstance): void {
  app.setErrorHandler(renderError);
}
