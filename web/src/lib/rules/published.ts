import { readAt } from './pointer.ts';

/** Where a value of a draft stands in the published rules; null where those have no such indicator. */
function publishedPlace(draft: unknown, published: unknown, at: string): string | null {
  const [list, index = '', ...rest] = at.split('/').slice(1);
  if (list !== 'indicators') return at;
  const id = readAt(draft, `/indicators/${index}/id`);
  const indicators = readAt(published, '/indicators');
  const place = Array.isArray(indicators) ? indicators.findIndex((one) => readAt(one, '/id') === id) : -1;
  return place < 0 ? null : `/indicators/${[place, ...rest].join('/')}`;
}

/**
 * The published value that a draft changes: `{ was }`, undefined where nothing was set. Null where it is as published.
 * Indicators are found by id: a draft may hold them in another order.
 */
export function changedFrom(draft: unknown, published: unknown, at: string): { readonly was: unknown } | null {
  const place = publishedPlace(draft, published, at);
  const was = place === null ? undefined : readAt(published, place);
  return readAt(draft, at) === was ? null : { was };
}
