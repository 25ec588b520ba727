/** What is needed of a `URL`; that of the page may not be changed. */
interface Address {
  readonly pathname: string;
  readonly searchParams: Iterable<[string, string]>;
}

/** Where the same page is with some parts of its query changed; null takes one out. What else it says stays. */
export function withQuery(url: Address, changes: Readonly<Record<string, string | null>>): string {
  const others = [...url.searchParams].filter(([name]) => !(name in changes));
  const given = Object.entries(changes).filter((pair): pair is [string, string] => pair[1] !== null);
  const pairs = [...others, ...given].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : url.pathname;
}
