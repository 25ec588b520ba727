import type { MakeAdapter } from './adapter.ts';

export const onlineConsultations: MakeAdapter<null> = () => ({
  name: 'online-consultations',
  redaction: { keeps: {}, links: [] },
  timeKeys: [],
  memory: () => null,
  request: ({ instance }) => ({ url: instance.feed.url, headers: {} }),
  read: () => ({ ok: false, state: 'invalid', fault: 'this standard is not spoken yet' }),
});
