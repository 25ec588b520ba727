import type { Adapter, MakeAdapter } from './adapter.ts';

export const mappedCsv: MakeAdapter<null, Adapter<null>> = () => ({
  name: 'mapped-csv',
  redaction: { keeps: {}, links: [] },
  timeKeys: [],
  memory: () => null,
  request: ({ instance }) => ({ url: instance.feed.url, headers: {} }),
  read: () => ({ ok: false, state: 'invalid', fault: 'this standard is not spoken yet' }),
});
