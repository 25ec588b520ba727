import { createRequire } from 'node:module';
import type HighsModule from 'highs';
import { flowsOf, matrixOf, planOf, startOf, type Matrix } from '../domain/redirection/matrix.ts';
import { faultsOf, type Flow, type Plan, type Problem } from '../domain/redirection/problem.ts';

// Its types describe the CommonJS form only; imported as a module it would have a default that they do not know of.
const { default: loadHighs } = createRequire(import.meta.url)('highs') as typeof HighsModule;

export interface Solver {
  /** The best plan, or the best found within `limitMs`, with its gap. */
  solve(problem: Problem, limitMs: number): Plan;
  /**
   * What the last problem would come to if one lot had so many more slots (to lend as well), each by itself. The model
   * stays as it was.
   */
  withMore(lot: number, slots: number): readonly Flow[];
  close(): void;
}

type Highs = Awaited<ReturnType<typeof loadHighs>>;
type Model = ReturnType<Highs['createModel']>;

/** Primal simplex from a plan that breaks no limit: whatever it is stopped at is one, too, and no worse. */
const PRIMAL = 4;

interface Standing {
  readonly model: Model;
  readonly problem: Problem;
  readonly matrix: Matrix;
}

/** HiGHS holds the thread while it solves: to be used in a thread of its own. */
export async function createSolver(): Promise<Solver> {
  const highs = await loadHighs();
  let standing: Standing | null = null;

  const forget = () => {
    standing?.model.dispose();
    standing = null;
  };
  const begin = (problem: Problem, matrix: Matrix): Standing => {
    const model = highs.createModel();
    model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex', simplex_strategy: PRIMAL });
    model.passModel({
      numCols: matrix.columns,
      numRows: matrix.rows,
      sense: highs.constants.objectiveSense.maximize,
      colCost: matrix.cost,
      colLower: new Float64Array(matrix.columns),
      colUpper: bounds(matrix.columnUpper),
      rowLower: new Float64Array(matrix.rows).fill(-highs.infinity),
      rowUpper: matrix.rowUpper,
      matrix: {
        format: 'csc',
        numRows: matrix.rows,
        numCols: matrix.columns,
        starts: matrix.starts,
        indices: matrix.indices,
        values: matrix.values,
      },
    });
    const { columns, rows } = startOf(matrix);
    model.setBasis({ colStatus: columns, rowStatus: rows });
    return { model, problem, matrix };
  };
  const bounds = (upper: Float64Array) => upper.map((value) => (value === Infinity ? highs.infinity : value));
  /** Of the same shape the model stays, and begins where it ended the last time: numbers alone are changed. */
  const take = (problem: Problem): Standing => {
    const matrix = matrixOf(problem);
    const last = standing;
    if (!last || !sameShape(last.matrix, matrix)) {
      forget();
      return begin(problem, matrix);
    }
    const { model } = last;
    const upper = bounds(matrix.columnUpper);
    for (let i = 0; i < matrix.columns; i++) {
      if (matrix.cost[i] !== last.matrix.cost[i]) model.changeColCost(i, matrix.cost[i] ?? 0);
      if (matrix.columnUpper[i] !== last.matrix.columnUpper[i]) model.changeColBounds(i, 0, upper[i] ?? 0);
    }
    for (let i = 0; i < matrix.rows; i++) {
      if (matrix.rowUpper[i] !== last.matrix.rowUpper[i])
        model.changeRowBounds(i, -highs.infinity, matrix.rowUpper[i] ?? 0);
    }
    return { model, problem, matrix };
  };

  return {
    solve(problem, limitMs) {
      if (problem.arcs.length === 0) return { flows: [], worth: 0, gap: 0 };
      standing = take(problem);
      const { model, matrix } = standing;
      model.zeroAllClocks();
      model.options.set('time_limit', limitMs / 1000);
      model.run();
      const { colValue, rowDual } = model.getSolution();
      const prices = Float64Array.from(rowDual, Math.abs);
      const plan = planOf(problem, matrix, colValue, prices);
      const faults = faultsOf(problem, plan.flows);
      if (faults.length > 0) throw new Error(`the solver's plan breaks limits: ${faults.slice(0, 3).join('; ')}`);
      return plan;
    },
    withMore(lot, slots) {
      if (!standing) return [];
      const { model, problem, matrix } = standing;
      const rows = rowsOfLot(problem, matrix, lot);
      for (const row of rows) model.changeRowBounds(row, -highs.infinity, (matrix.rowUpper[row] ?? 0) + slots);
      model.run();
      const flows = flowsOf(matrix, model.getSolution().colValue);
      for (const row of rows) model.changeRowBounds(row, -highs.infinity, matrix.rowUpper[row] ?? 0);
      return flows;
    },
    close: forget,
  };
}

function rowsOfLot(problem: Problem, matrix: Matrix, lot: number): number[] {
  const rows = new Set<number>();
  for (let column = 0; column < matrix.columns; column++) {
    if (problem.arcs[matrix.arcs[column] ?? -1]?.lot !== lot) continue;
    const from = matrix.starts[column] ?? 0;
    for (let at = from; at < (matrix.starts[column + 1] ?? 0); at++) {
      const row = matrix.indices[at] ?? 0;
      if (row >= problem.needs.length) rows.add(row);
    }
  }
  return [...rows];
}

function sameShape(a: Matrix, b: Matrix): boolean {
  return a.columns === b.columns && a.rows === b.rows && same(a.starts, b.starts) && same(a.indices, b.indices);
}

const same = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
