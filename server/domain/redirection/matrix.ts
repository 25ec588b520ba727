import { totalWorth, type Flow, type Plan, type Problem } from './problem.ts';

/** The problem as sparse columns, ready for a solver: maximise cost x, rows and columns bounded above, all from 0. */
export interface Matrix {
  readonly columns: number;
  readonly rows: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly cost: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowUpper: Float64Array;
  /** Arc of each column: one that keeps something has two, of which the dearer is bounded by what it keeps. */
  readonly arcs: Int32Array;
  /** Row of each lot. */
  readonly lotRows: Int32Array;
}

export function matrixOf({ needs, lots, arcs }: Problem): Matrix {
  const lendRows = new Int32Array(lots.length).fill(-1);
  let rows = needs.length + lots.length;
  for (const { lot, lent } of arcs) if (lent && (lendRows[lot] ?? 0) < 0) lendRows[lot] = rows++;
  const rowUpper = new Float64Array(rows);
  needs.forEach(({ count }, i) => (rowUpper[i] = count));
  lots.forEach(({ free, lendable }, i) => {
    rowUpper[needs.length + i] = free;
    const lend = lendRows[i] ?? -1;
    if (lend >= 0) rowUpper[lend] = lendable;
  });
  const starts = [0];
  const indices: number[] = [];
  const cost: number[] = [];
  const columnUpper: number[] = [];
  const columnArcs: number[] = [];
  arcs.forEach((arc, index) => {
    const column = (worth: number, upper: number) => {
      indices.push(arc.need, needs.length + arc.lot);
      if (arc.lent) indices.push(lendRows[arc.lot] ?? -1);
      starts.push(indices.length);
      cost.push(worth);
      columnUpper.push(upper);
      columnArcs.push(index);
    };
    column(arc.worth, Infinity);
    if (arc.keep > 0) column(arc.worth + arc.bonus, arc.keep);
  });
  return {
    columns: cost.length,
    rows,
    starts: Int32Array.from(starts),
    indices: Int32Array.from(indices),
    values: new Float64Array(indices.length).fill(1),
    cost: Float64Array.from(cost),
    columnUpper: Float64Array.from(columnUpper),
    rowUpper,
    arcs: Int32Array.from(columnArcs),
    lotRows: Int32Array.from(lots, (_, i) => needs.length + i),
  };
}

/** Where a simplex run may begin: what is basic, and what stands at its upper bound. */
export interface Start {
  /** 0: at 0. 1: basic. 2: at its upper bound. */
  readonly columns: Int32Array;
  /** 1: basic (not used up). 2: used up. */
  readonly rows: Int32Array;
}

/**
 * The plan that takes the dearest place first, as a basis: each place that it fills uses up one row, which no later one
 * touches, so that the basis is triangular and the plan breaks no limit. A run that is cut short is never worth less.
 */
export function startOf(matrix: Matrix): Start {
  const columns = new Int32Array(matrix.columns);
  const rows = new Int32Array(matrix.rows).fill(1);
  const left = Float64Array.from(matrix.rowUpper);
  const order = Int32Array.from(columns.keys()).sort((a, b) => (matrix.cost[b] ?? 0) - (matrix.cost[a] ?? 0));
  for (const column of order) {
    const [from, to] = [matrix.starts[column] ?? 0, matrix.starts[column + 1] ?? 0];
    let most = matrix.columnUpper[column] ?? 0;
    let tight = -1;
    for (let at = from; at < to; at++) {
      const row = matrix.indices[at] ?? 0;
      if ((left[row] ?? 0) <= most) [most, tight] = [left[row] ?? 0, row];
    }
    if (most <= 0) continue;
    for (let at = from; at < to; at++) left[matrix.indices[at] ?? 0] = (left[matrix.indices[at] ?? 0] ?? 0) - most;
    columns[column] = tight < 0 ? 2 : 1;
    if (tight >= 0) rows[tight] = 2;
  }
  return { columns, rows };
}

/** Solvers compute in fractions of a millionth. */
const NEARLY = 1e-6;

/** Whole patients an arc. What is not whole (a run cut short) is rounded down, which breaks no limit. */
export function flowsOf(matrix: Matrix, columnValues: ArrayLike<number>): Flow[] {
  const counts = new Map<number, number>();
  for (let column = 0; column < matrix.columns; column++) {
    const count = Math.floor((columnValues[column] ?? 0) + NEARLY);
    const arc = matrix.arcs[column] ?? -1;
    if (count > 0) counts.set(arc, (counts.get(arc) ?? 0) + count);
  }
  return [...counts].map(([arc, count]) => ({ arc, count }));
}

/**
 * More than any plan can be worth, from prices of the rows (any, below 0 counted as 0) by weak duality: whatever prices a
 * solver breaks off with, the bound holds.
 */
export function boundOf(matrix: Matrix, needs: number, prices: ArrayLike<number>): number {
  const price = (row: number) => Math.max(0, prices[row] ?? 0);
  let bound = 0;
  for (let row = needs; row < matrix.rows; row++) bound += price(row) * (matrix.rowUpper[row] ?? 0);
  const left = (column: number): { need: number; value: number } => {
    let value = matrix.cost[column] ?? 0;
    let need = -1;
    for (let at = matrix.starts[column] ?? 0; at < (matrix.starts[column + 1] ?? 0); at++) {
      const row = matrix.indices[at] ?? 0;
      if (row < needs) need = row;
      else value -= price(row);
    }
    return { need, value };
  };
  const best = Float64Array.from({ length: needs }, (_, need) => price(need));
  for (let column = 0; column < matrix.columns; column++) {
    const { need, value } = left(column);
    if (matrix.columnUpper[column] === Infinity && value > (best[need] ?? 0)) best[need] = value;
  }
  for (let need = 0; need < needs; need++) bound += (best[need] ?? 0) * (matrix.rowUpper[need] ?? 0);
  for (let column = 0; column < matrix.columns; column++) {
    const upper = matrix.columnUpper[column] ?? 0;
    if (upper === Infinity) continue;
    const { need, value } = left(column);
    bound += Math.max(0, value - (best[need] ?? 0)) * upper;
  }
  return bound;
}

/** The plan that a solver's answer amounts to, with how far from the best it can be. */
export function planOf(
  problem: Problem,
  matrix: Matrix,
  columnValues: ArrayLike<number>,
  prices: ArrayLike<number>,
): Plan {
  const flows = flowsOf(matrix, columnValues);
  const worth = totalWorth(problem, flows);
  const bound = boundOf(matrix, problem.needs.length, prices);
  const gap = bound <= NEARLY ? 0 : Math.max(0, (bound - worth) / bound);
  return { flows, worth, gap: gap < NEARLY ? 0 : gap };
}
