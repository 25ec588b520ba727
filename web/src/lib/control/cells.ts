import { levelOfQuarter, runsOfDay, type Run } from '../format/day.ts';

/** Outlines of one row's cells, one SVG path a level: five elements a row instead of fifty-six. */
export type CellPaths = readonly { readonly level: Run['level']; readonly path: string }[];

export interface CellGrid {
  /** Quarter hours from local midnight: first column, and one past the last. */
  readonly from: number;
  readonly to: number;
  /** The quarter hour that holds now; nothing is drawn after it. */
  readonly now: number;
  /** Pixels of the whole strip, the gap between two cells, and of the height. */
  readonly width: number;
  readonly gap: number;
  readonly height: number;
}

/** Left edge of a column on whole pixels, so that every gap between two cells is equally sharp. */
export function columnX(grid: Pick<CellGrid, 'from' | 'to' | 'width'>, quarter: number): number {
  return Math.round(((quarter - grid.from) / (grid.to - grid.from)) * grid.width);
}

/** The empty rest in the same rhythm: quarter hours that were not recorded, and those still to come. */
export function emptyPaths(day: string, grid: CellGrid): { readonly unrecorded: string; readonly coming: string } {
  const paths = { unrecorded: '', coming: '' };
  for (let quarter = grid.from; quarter < grid.to; quarter += 1) {
    const kind = quarter > grid.now ? 'coming' : 'unrecorded';
    if (kind === 'unrecorded' && levelOfQuarter(day[quarter]) !== null) continue;
    paths[kind] += kind === 'coming' ? cell(grid, quarter) : bare(grid, quarter);
  }
  return paths;
}

/** A short rule at half height: nothing was recorded, so nothing is filled. */
function bare(grid: CellGrid, quarter: number): string {
  const left = columnX(grid, quarter);
  const width = columnX(grid, quarter + 1) - left - grid.gap;
  return `M${left} ${Math.floor(grid.height / 2)}h${width}v1h-${width}z`;
}

function cell(grid: CellGrid, quarter: number): string {
  const left = columnX(grid, quarter);
  const width = columnX(grid, quarter + 1) - left - grid.gap;
  return `M${left} 0h${width}v${grid.height}h-${width}z`;
}

export function cellPaths(day: string, grid: CellGrid): CellPaths {
  const paths = new Map<Run['level'], string>();
  for (const run of runsOfDay(day, grid.from, grid.to, grid.now)) {
    let path = paths.get(run.level) ?? '';
    for (let quarter = run.from; quarter < run.to; quarter += 1) path += cell(grid, quarter);
    paths.set(run.level, path);
  }
  return [...paths].map(([level, path]) => ({ level, path }));
}
