import type { SupplierDef } from '#shared/model/definition.ts';

/** Suppliers measure by their own clock and after the network: a minute of ours is kept this much longer. */
const MARGIN = 1.02;
/** Of a quota, what may begin at one moment after a quiet spell; the rest comes evenly. */
const BURST_SHARE = { minute: 0.05, second: 0.15 } as const;

/** How many requests of a supplier may begin, across all its feeds, pages and repetitions. Real monotonic time. */
export interface Quotas {
  /** Whether one may begin now, with nobody waiting before it. */
  ready(supplier: string): boolean;
  /** Begins one: true; false where it has to wait. */
  take(supplier: string): boolean;
  /** True once it may begin (it counts as begun), in the order of asking; false when given up. */
  wait(supplier: string, limitMs: number, signal: AbortSignal): Promise<boolean>;
  /** Requests per real millisecond in the long run; null: no quota. */
  rate(supplier: string): number | null;
  /** Ends every wait. */
  stop(): void;
}

interface Bucket {
  readonly capacity: number;
  readonly perMs: number;
  tokens: number;
  at: number;
}

interface Waiting {
  readonly until: number;
  readonly end: (begun: boolean) => void;
}

interface Account {
  readonly buckets: readonly Bucket[];
  readonly waiting: Waiting[];
  timer: NodeJS.Timeout | null;
}

export function createQuotas(suppliers: readonly SupplierDef[], real: () => number): Quotas {
  const accounts = new Map(
    suppliers.flatMap((supplier) => {
      const buckets = bucketsOf(supplier, real());
      return buckets.length === 0 ? [] : [[supplier.id, { buckets, waiting: [], timer: null } as Account] as const];
    }),
  );

  const serve = (account: Account): void => {
    if (account.timer) clearTimeout(account.timer);
    account.timer = null;
    for (let first = account.waiting[0]; first; first = account.waiting[0]) {
      const now = real();
      if (now < first.until && !begin(account, now)) break;
      account.waiting.shift();
      first.end(now < first.until);
    }
    const [next] = account.waiting;
    if (!next) return;
    const now = real();
    const wait = Math.min(
      next.until - now,
      ...account.buckets.map((bucket) => missingMs(bucket, now)).filter((ms) => ms > 0),
    );
    account.timer = setTimeout(() => serve(account), Math.max(1, Math.ceil(wait)));
  };

  return {
    ready(supplier) {
      const account = accounts.get(supplier);
      return !account || (account.waiting.length === 0 && may(account, real()));
    },
    take(supplier) {
      const account = accounts.get(supplier);
      return !account || (account.waiting.length === 0 && begin(account, real()));
    },
    wait(supplier, limitMs, signal) {
      const account = accounts.get(supplier);
      if (!account) return Promise.resolve(true);
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const onStop = (): void => {
          account.waiting.splice(account.waiting.indexOf(waiting), 1);
          waiting.end(false);
        };
        const waiting: Waiting = {
          until: real() + limitMs,
          end(begun) {
            signal.removeEventListener('abort', onStop);
            resolve(begun);
          },
        };
        signal.addEventListener('abort', onStop, { once: true });
        account.waiting.push(waiting);
        if (account.waiting.length === 1) serve(account);
      });
    },
    rate(supplier) {
      const account = accounts.get(supplier);
      return account ? Math.min(...account.buckets.map(({ perMs }) => perMs)) : null;
    },
    stop() {
      for (const account of accounts.values()) {
        if (account.timer) clearTimeout(account.timer);
        account.timer = null;
        for (const { end } of account.waiting.splice(0)) end(false);
      }
    },
  };
}

function bucketsOf({ perMinute, perSecond }: SupplierDef, now: number): Bucket[] {
  return [
    ...(perMinute === null ? [] : [bucketOf(perMinute, 60_000, BURST_SHARE.minute, now)]),
    ...(perSecond === null ? [] : [bucketOf(perSecond, 1000, BURST_SHARE.second, now)]),
  ];
}

/** So filled that no window of `windowMs`, wherever it begins, ever holds more than `limit`: burst - 1 + what flows in. */
function bucketOf(limit: number, windowMs: number, share: number, now: number): Bucket {
  const capacity = Math.ceil(limit * share);
  const perMs = (limit - capacity + 1) / (windowMs * MARGIN);
  return { capacity, perMs, tokens: capacity, at: now };
}

function fill(bucket: Bucket, now: number): number {
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + (now - bucket.at) * bucket.perMs);
  bucket.at = now;
  return bucket.tokens;
}

const missingMs = (bucket: Bucket, now: number): number => Math.max(0, (1 - fill(bucket, now)) / bucket.perMs);

function may({ buckets }: Account, now: number): boolean {
  for (const bucket of buckets) if (fill(bucket, now) < 1) return false;
  return true;
}

function begin(account: Account, now: number): boolean {
  if (!may(account, now)) return false;
  for (const bucket of account.buckets) bucket.tokens--;
  return true;
}
