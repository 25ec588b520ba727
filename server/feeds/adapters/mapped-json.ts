import type { Adapter, MakeAdapter } from './adapter.ts';

export const mappedJson: MakeAdapter<null, Adapter<null>> = () => ({
  name: 'mapped-json',
  redaction: { keeps: {}, links: [] },
  timeKeys: [],
  memory: () => null,
  request: ({ instance }) => ({ url: instance.feed.url, headers: {} }),
  read: () => ({ ok: false, state: 'invalid', fault: 'this standard is not spoken yet' }),
});
