import type { SupplierDef } from '#shared/model/definition.ts';

/** What a supplier says to one request too many. `retryAfterSeconds` null: nothing about when to come back. */
export interface Refusal {
  readonly retryAfterSeconds: number | null;
}

export interface Quotas {
  /** Counts the request; a refusal where the supplier has had enough of them. */
  take(supplier: string): Refusal | null;
}

/** Fixed windows on the supplier's own real time, as gateways count: two clients' minutes begin at different moments. */
const WINDOWS = [
  { ms: 60_000, of: (supplier: SupplierDef) => supplier.perMinute },
  { ms: 1000, of: (supplier: SupplierDef) => supplier.perSecond },
] as const;
/** A request that was in time when it was sent may arrive in the next window: so much more is let through. */
const SLACK = 1.02;

/** Holds suppliers to the quotas that they have stated. Those of FHIR gateways name a time in `Retry-After`; others do not. */
export function createQuotas(
  suppliers: readonly SupplierDef[],
  saysWhen: (supplier: string) => boolean,
  now: () => number,
): Quotas {
  const counters = new Map(
    suppliers.map((supplier) => [
      supplier.id,
      WINDOWS.flatMap(({ ms, of }) => {
        const quota = of(supplier);
        return quota === null ? [] : [{ ms, most: Math.ceil(quota * SLACK), window: -1, count: 0 }];
      }),
    ]),
  );
  return {
    take: (supplier) => {
      const at = now();
      let waitMs = 0;
      for (const counter of counters.get(supplier) ?? []) {
        const window = Math.floor(at / counter.ms);
        if (window !== counter.window) {
          counter.window = window;
          counter.count = 0;
        }
        counter.count += 1;
        if (counter.count > counter.most) waitMs = Math.max(waitMs, (window + 1) * counter.ms - at);
      }
      if (waitMs === 0) return null;
      return { retryAfterSeconds: saysWhen(supplier) ? Math.ceil(waitMs / 1000) : null };
    },
  };
}
