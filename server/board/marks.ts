/** Why a unit is looked at again: time has passed, or something it is made of has changed. */
export const PASSED = 1;
export const CHANGED = 2;
export type Reason = typeof PASSED | typeof CHANGED;

/** Units that wait to be looked at: what it costs to keep follows their number, never the size of the system. */
export interface Marks {
  /** 0: not marked. */
  of(index: number): 0 | Reason;
  /** False where it was marked for this reason, or the graver one, already. */
  add(index: number, reason: Reason): boolean;
  /** All that are marked, in the definition's order. */
  inOrder(): Int32Array;
  clear(): void;
}

export function createMarks(count: number): Marks {
  const marks = new Uint8Array(count);
  const listed = new Int32Array(count);
  let length = 0;
  return {
    of: (index) => (marks[index] ?? 0) as 0 | Reason,
    add(index, reason) {
      const before = marks[index] ?? 0;
      if (before >= reason) return false;
      if (before === 0) {
        listed[length] = index;
        length += 1;
      }
      marks[index] = reason;
      return true;
    },
    inOrder: () => listed.slice(0, length).sort(),
    clear() {
      for (let i = 0; i < length; i += 1) marks[listed[i] ?? 0] = 0;
      length = 0;
    },
  };
}
