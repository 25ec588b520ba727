import type { ReplayExtent } from '$shared/protocol/replay';
import { get, type Answer } from './get.ts';
import { holdsLists } from './shape.ts';

export const getExtent = (signal?: AbortSignal): Promise<Answer<ReplayExtent>> =>
  get('/api/replay/extent', holdsLists<ReplayExtent>('stretches'), signal);
