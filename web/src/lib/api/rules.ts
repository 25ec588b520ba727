import type {
  PublishRules,
  RollBackRules,
  RulesBody,
  RulesBook,
  RulesChecked,
  RulesDraft,
  RulesVersion,
  SaveDraft,
} from '$shared/protocol/rules';
import type { Backtest, StartBacktest } from '$shared/protocol/backtest';
import { get } from './get.ts';
import { send } from './send.ts';
import { isRecord } from './shape.ts';

const has =
  <T>(...names: readonly string[]) =>
  (body: unknown): body is T =>
    isRecord(body) && names.every((name) => name in body);
const nothing = (body: unknown): body is null => body === null;
const part = encodeURIComponent;
/** `<version>/<hash>` as one part of a path. */
const versionPath = (id: string) => part(id.replace('/', '-'));

export const getRules = (signal: AbortSignal) =>
  get('/api/rules', has<RulesBook>('current', 'rules', 'versions'), signal);
export const getRulesVersion = (id: string, signal: AbortSignal) =>
  get(`/api/rules/versions/${versionPath(id)}`, has<RulesBody>('version', 'rules'), signal);
export const getDrafts = (signal: AbortSignal) =>
  get('/api/rules/drafts', has<{ drafts: RulesDraft[] }>('drafts'), signal);
export const checkRules = (rules: unknown, signal: AbortSignal) =>
  send('POST', '/api/rules/check', { rules }, has<RulesChecked>('faults', 'changes'), signal);
export const saveDraft = (id: string, draft: SaveDraft, signal: AbortSignal) =>
  send('PUT', `/api/rules/drafts/${part(id)}`, draft, has<RulesDraft>('revision', 'savedAt'), signal);
export const dropDraft = (id: string, signal: AbortSignal) =>
  send('DELETE', `/api/rules/drafts/${part(id)}`, undefined, nothing, signal);
export const publishRules = (body: PublishRules, signal: AbortSignal) =>
  send('POST', '/api/rules/publish', body, has<RulesVersion>('id', 'version'), signal);
export const rollBackRules = (body: RollBackRules, signal: AbortSignal) =>
  send('POST', '/api/rules/roll-back', body, has<RulesVersion>('id', 'version'), signal);

export const startBacktest = (body: StartBacktest, signal: AbortSignal) =>
  send('POST', '/api/backtests', body, has<Backtest>('id', 'state'), signal);
export const getBacktest = (id: string, signal: AbortSignal) =>
  get(`/api/backtests/${part(id)}`, has<Backtest>('id', 'state'), signal);
export const cancelBacktest = (id: string, signal: AbortSignal) =>
  send('DELETE', `/api/backtests/${part(id)}`, undefined, has<Backtest>('id', 'state'), signal);
