import type { UnitDef } from '#shared/model/definition.ts';
import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Arc, Lot, Need } from '../domain/redirection/problem.ts';

/** What the thread is begun with: it stays as it is. */
export interface SolverGround {
  readonly units: readonly UnitDef[];
  readonly policy: RedirectionPolicy;
}

/** What is to be solved; who may go where, and what that is worth, is worked out in the thread. */
export interface Question {
  readonly id: number;
  readonly at: EpochMs;
  readonly needs: readonly Need[];
  readonly lots: readonly Lot[];
  readonly received: ReadonlyMap<string, number>;
  readonly kept: ReadonlyMap<string, number>;
  /** Pairs that are no arc for now (`barKey`). */
  readonly barred: ReadonlySet<string>;
  readonly limitMs: number;
  /** Also find out which lots would help most with so many slots more; 0: not asked. */
  readonly more: number;
}

/** A flow with its arc, as the problem itself stays in the thread. */
export interface Placed {
  readonly count: number;
  readonly arc: Arc;
}

export interface More {
  readonly lot: number;
  readonly slots: number;
  /** So many more people placed. */
  readonly places: number;
}

export interface Solved {
  readonly type: 'solved';
  readonly id: number;
  readonly placed: readonly Placed[];
  readonly gap: number;
  readonly arcs: number;
  readonly tookMs: number;
  /** Best first. */
  readonly more: readonly More[];
}
export type FromSolver = Solved | { readonly type: 'failed'; readonly id: number; readonly reason: string };
