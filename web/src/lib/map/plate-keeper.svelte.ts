import { mayResort } from '../control/arrange.ts';
import type { NamedPlate } from './name-plates.ts';

/** Keeps names where they are while somebody looks for one; another drawing places them anew at once. */
export class PlateKeeper {
  plates = $state.raw<readonly NamedPlate[]>([]);
  #shape = '';
  #picture: unknown = null;
  #atMs: number | null = null;

  /** `shape` says what is drawn but for the levels; `busy`: somebody points at something. */
  keep(picture: unknown, shape: string, busy: boolean, monotonicMs: number, place: () => readonly NamedPlate[]): void {
    const same = picture === this.#picture && shape === this.#shape;
    if (same && !mayResort(busy, monotonicMs, this.#atMs)) return;
    this.#picture = picture;
    this.#shape = shape;
    this.#atMs = monotonicMs;
    this.plates = place();
  }
}
