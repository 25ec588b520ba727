import type { ReplayExtent } from '$shared/protocol/replay';
import { get, type Answer } from './get.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const getExtent = (signal?: AbortSignal): Promise<Answer<ReplayExtent>> =>
  get('/api/replay/extent', (body): body is ReplayExtent => isRecord(body) && Array.isArray(body['stretches']), signal);
