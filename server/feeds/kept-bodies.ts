/**
 * The bodies that all feeds together keep to compare the next ones with, within one budget. Who comes when it is full
 * gets none, rather than pushing another out: pushed out in turn, none would ever be there when it is wanted. A body
 * counts from `replace` on, which whoever remembers it calls when it takes the place of the one before.
 */
export interface KeptBodies {
  /** A body fit to be kept in place of `previous`, in as little memory as it is long; null where there is no room. */
  fit(body: Buffer, previous: Buffer | null): Buffer | null;
  /** Now `next` is kept and `previous` no longer. False where there is no room (any more): then neither is. */
  replace(previous: Buffer | null, next: Buffer | null): boolean;
  /** Bytes that are kept now. */
  size(): number;
}

export function createKeptBodies(budget: number): KeptBodies {
  let total = 0;
  const without = (previous: Buffer | null): number => total - sizeOf(previous);
  return {
    fit(body, previous) {
      // A small part of a large piece of memory would hold on to all of it.
      const small = body.buffer.byteLength > 2 * body.length;
      if (without(previous) + (small ? body.length : sizeOf(body)) > budget) return null;
      return small ? copyOf(body) : body;
    },
    replace(previous, next) {
      total = without(previous);
      if (total + sizeOf(next) > budget) return false;
      total += sizeOf(next);
      return true;
    },
    size: () => total,
  };
}

const sizeOf = (body: Buffer | null): number => body?.buffer.byteLength ?? 0;

function copyOf(body: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}
