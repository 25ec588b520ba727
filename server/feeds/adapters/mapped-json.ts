import { mapped } from './mapped.ts';

/** Any JSON. Keys that hold an answer's own time are unknown here, so only the very same bytes count as unchanged. */
export const mappedJson = mapped('mapped-json', 'json');
