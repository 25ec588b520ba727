import type { MakeAdapter } from './adapter.ts';

export const declaredStates: MakeAdapter<null> = () => ({
  name: 'declared-states',
  redaction: { keeps: {}, links: [] },
  timeKeys: [],
  memory: () => null,
  request: ({ instance }) => ({ url: instance.feed.url, headers: {} }),
  read: () => ({ ok: false, state: 'invalid', fault: 'this standard is not spoken yet' }),
});
