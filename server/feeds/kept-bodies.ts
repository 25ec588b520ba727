/** A body kept to compare the next one with. `bytes` is null once another has taken its place. */
export interface KeptBody {
  readonly bytes: Buffer | null;
}

export interface KeptBodies {
  /** Keeps `body` in place of `previous`; null where there is no room for it. */
  keep(body: Buffer, previous: KeptBody | null): KeptBody | null;
  /** Bytes that are kept now. */
  size(): number;
}

interface Slot extends KeptBody {
  bytes: Buffer | null;
  readonly size: number;
}

/**
 * The bodies that all feeds together have kept, within one budget. Who comes when it is full gets none, rather than
 * pushing another out: pushed out in turn, none would ever be there when it is wanted. What its owner lets go of makes
 * room once the engine has collected it.
 */
export function createKeptBodies(budget: number): KeptBodies {
  const ours = new WeakSet<KeptBody>();
  let total = 0;
  const gone = new FinalizationRegistry<number>((size) => {
    total -= size;
  });
  const isOurs = (kept: KeptBody): kept is Slot => ours.has(kept);

  const drop = (slot: Slot): void => {
    if (slot.bytes === null) return;
    gone.unregister(slot);
    total -= slot.size;
    slot.bytes = null;
  };

  return {
    keep(body, previous) {
      if (previous && isOurs(previous)) drop(previous);
      // A small part of a large piece of memory would hold on to all of it.
      const own = body.buffer.byteLength > 2 * body.length ? copyOf(body) : body;
      const size = own.buffer.byteLength;
      if (total + size > budget) return null;
      const slot: Slot = { bytes: own, size };
      ours.add(slot);
      gone.register(slot, size, slot);
      total += size;
      return slot;
    },
    size: () => total,
  };
}

function copyOf(body: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}
