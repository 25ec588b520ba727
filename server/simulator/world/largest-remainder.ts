/** Whole numbers near `values` that sum to `total` exactly: floors first, then the largest remainders (ties: earlier first). */
export function largestRemainder(values: readonly number[], total = Math.round(sumOf(values))): number[] {
  const floors = values.map((value) => Math.floor(value));
  const order = values.map((value, index) => ({ index, rest: value - Math.floor(value) }));
  order.sort((a, b) => b.rest - a.rest || a.index - b.index);
  let missing = total - sumOf(floors);
  for (let i = 0; missing > 0 && order.length > 0; i = (i + 1) % order.length) {
    const index = order[i]?.index ?? 0;
    floors[index] = (floors[index] ?? 0) + 1;
    missing -= 1;
  }
  for (let i = order.length - 1; missing < 0 && i >= 0; i--) {
    const index = order[i]?.index ?? 0;
    if ((floors[index] ?? 0) === 0) continue;
    floors[index] = (floors[index] ?? 0) - 1;
    missing += 1;
  }
  return floors;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
