import { afterNavigate, goto } from '$app/navigation';
import { navigating, page } from '$app/state';
import { createContext, untrack } from 'svelte';
import { getExtent } from '../api/replay.ts';
import type { Live } from '../live/live.svelte.ts';
import { FIRST_SPEED, readAsked, withAsked, type Asked } from './address.ts';
import { firstMoment, readStretches } from './stretches.ts';

/** Keeps the replay and the address together: a link shows its moment, and every step is a link. */
export class Steering {
  /** Speed at which a replay runs, or would if it did not stand still. */
  chosen = $state.raw(FIRST_SPEED);
  #live: Live;
  constructor(live: Live) {
    this.#live = live;
    afterNavigate(({ to, type }) => {
      if (!to) return;
      const asked = readAsked(to.url);
      if (asked) this.#show(asked);
      else if (!this.#live.replay) return;
      // The way back leads out of the past; a link on a screen of the past stays in it.
      else if (type === 'popstate') this.#live.leaveReplay();
      else this.#write();
    });
  }

  /** Looks back from now: an hour, or as far as something is recorded, running. */
  async begin(): Promise<void> {
    const { now } = this.#live;
    if (now === null || this.#live.replay) return;
    const extent = await getExtent();
    if (!this.#live.replay) this.go(firstMoment(extent.ok ? readStretches(extent.body) : [], now), FIRST_SPEED);
  }

  go(at: number, speed: number): void {
    if (speed > 0) this.chosen = speed;
    void goto(withAsked(page.url, { at, speed, chosen: this.chosen }), {
      replace: this.#live.replay !== null,
      reset: false,
    });
  }

  /** Runs at the chosen speed, or stands still. */
  run(running: boolean): void {
    this.#setSpeed(running ? this.chosen : 0);
  }

  choose(speed: number): void {
    this.chosen = speed;
    this.#setSpeed((this.#live.replay?.speed ?? 0) > 0 ? speed : 0);
  }

  #setSpeed(speed: number): void {
    this.#live.setSpeed(speed);
    // A screen that is on its way writes the address itself once it is there, and must not be called back.
    if (navigating.to === null) this.#write();
  }

  leave(): void {
    this.#live.leaveReplay();
    void goto(withAsked(page.url, null), { replace: true, reset: false });
  }

  #show({ at, speed, chosen }: Asked): void {
    untrack(() => {
      this.chosen = chosen;
      const { replay, now } = this.#live;
      // The address that was just written about the moment on screen.
      if (replay && replay.speed === speed && now !== null && Math.abs(now - at) < 1000 * (1 + speed)) return;
      this.#live.goTo(at, speed);
    });
  }

  #write(): void {
    const { replay, now } = this.#live;
    if (!replay || now === null) return;
    void goto(withAsked(page.url, { at: now, speed: replay.speed, chosen: this.chosen }), {
      replace: true,
      reset: false,
    });
  }
}

/** `provideSteering` in the root layout, `useSteering` where a replay begins. */
export const [useSteering, provideSteering] = createContext<Steering>();
