import type { EpochMs } from '#shared/model/time.ts';
import type { View } from '#shared/protocol/live.ts';
import type { Revision, Stretch } from '../domain/replay/recorded.ts';

/** Where a player has come to. `version` rises with every jump and every change. */
export interface Landing extends Revision {
  readonly version: number;
  readonly stretch: Stretch;
}

/** What comes after the revisions at hand. */
export type After =
  | { readonly type: 'more' }
  /** Nothing newer has been recorded as yet. `looked`: a look began after everything had been shown. */
  | { readonly type: 'end'; readonly looked: boolean }
  | { readonly type: 'gap'; readonly next: Stretch }
  | { readonly type: 'unreadable' };

/** Inside of a patch frame, in bytes, for one view. */
export interface Body {
  readonly view: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Step {
  /** The landing from which it goes on: where somebody has put the player elsewhere meanwhile, nothing is moved. */
  readonly landing: number;
  readonly until: EpochMs;
  readonly speed: number;
  /** Views that are still looked at: the others are forgotten. */
  readonly views: readonly string[];
}

export interface Move {
  readonly version: number;
  /** Whether there was anything new on the way. */
  readonly changed: boolean;
  readonly at: EpochMs;
  /** Up to this time everything is at hand. */
  readonly known: EpochMs;
  readonly after: After;
  readonly bodies: readonly Body[];
}

/** Parts of a snapshot in bytes: the insides of `units` and `feeds`. */
export interface PartBytes {
  readonly units: Uint8Array<ArrayBuffer>;
  readonly feeds: Uint8Array<ArrayBuffer>;
}
export interface Shot {
  readonly version: number;
  readonly parts: readonly PartBytes[];
}

export const viewKey = (scope: string, view: View): string => `${view}/${scope}`;
