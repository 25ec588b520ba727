import type { EpochMs } from '#shared/model/time.ts';
import type { Commit } from '../domain/ports.ts';
import { textOf } from './board-text.ts';
import type { Body, Landing } from './answers.ts';

/** Revisions kept for clients that are a little behind. */
const RING = 100;
const NOTHING = '"units":[],"removed":[],"feeds":[]';

/** What one commit tells each view. */
interface Told {
  readonly commit: Commit;
  /** Null: nothing has changed but the clock, or what is said. */
  readonly bodies: readonly Body[] | null;
}

/** The revisions of a replay as its clients count them. Numbers rise over all epochs: nobody can mix them up. */
export interface Stage {
  readonly seq: number;
  readonly at: EpochMs;
  readonly epoch: string;
  commitsSince(since: number): readonly Commit[] | null;
  /** Another board altogether, in an epoch of its own. */
  set(landing: Landing, epoch: string): void;
  /** One revision; null is one in which only the clock, or what is said, is new. */
  advance(move: { readonly version: number; readonly at: EpochMs; readonly bodies: readonly Body[] } | null): Commit;
  /** As which revision a version of the studio was shown; null where it is none of this epoch. */
  shownAs(version: number): { readonly seq: number; readonly at: EpochMs } | null;
  /** Null where the commit does not say it for this view. */
  bodyOf(commit: Commit, view: string): string | null;
}

export function createStage(): Stage {
  let seq = 0;
  let at = 0;
  let epoch = '';
  let ring: Told[] = [];
  let shown = new Map<number, { readonly seq: number; readonly at: EpochMs }>();

  return {
    get seq() {
      return seq;
    },
    get at() {
      return at;
    },
    get epoch() {
      return epoch;
    },
    commitsSince(since) {
      if (since > seq || seq - since > ring.length) return null;
      return ring.slice(ring.length - (seq - since)).map(({ commit }) => commit);
    },
    set(landing, name) {
      [at, epoch] = [landing.at, name];
      seq += 1;
      ring = [];
      shown = new Map([[landing.version, { seq, at }]]);
    },
    advance(move) {
      seq += 1;
      at = move?.at ?? at;
      const nothing = { units: [], feeds: [], removed: [], applied: [], levels: [], inputs: [] };
      const commit: Commit = { seq, epoch, at, ...nothing };
      ring = [...ring.slice(1 - RING), { commit, bodies: move?.bodies ?? null }];
      if (move !== null) shown.set(move.version, { seq, at });
      const [oldest] = shown.keys();
      if (shown.size > RING && oldest !== undefined) shown.delete(oldest);
      return commit;
    },
    shownAs: (version) => shown.get(version) ?? null,
    bodyOf(commit, view) {
      const told = ring.findLast((each) => each.commit === commit);
      if (told === undefined) return null;
      if (told.bodies === null) return NOTHING;
      const body = told.bodies.find((each) => each.view === view);
      return body === undefined ? null : textOf(body.bytes);
    },
  };
}
