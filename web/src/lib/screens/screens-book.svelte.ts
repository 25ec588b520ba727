import type { Approve, Screen, ScreenSettings } from '$shared/protocol/screens';
import type { Failure } from '../api/get.ts';
import {
  approveScreen,
  changeScreen,
  getScreen,
  getScreens,
  restoreScreen,
  revokeScreen,
  stepScreen,
} from '../api/screens.ts';
import type { Sent } from '../api/send.ts';
import { pause } from '../live/pause.ts';

const AGAIN_MS = 2000;
/** Somebody else may change a wall between our look and our change; more often than this is no accident. */
const TRIES = 3;

/** Why something was not done, in plain words. */
export function whyNot({ status, code, detail }: Failure): string {
  if (status === 0) return 'No answer came from the server, so it may or may not be done. Look again in a moment.';
  return `Not done: ${(detail || code).replace(/\.$/, '')}.`;
}

/** Paired walls as the server knows them, read every two seconds, and what is done with them. */
export class ScreensBook {
  /** Null before the first answer. */
  screens: readonly Screen[] | null = $state.raw(null);
  /** The last question got no answer; what stands is of `readMs`. */
  failed = $state.raw(false);
  /** Monotonic time of the last answer. */
  readMs = $state.raw(0);
  build = $state.raw('');
  #leave = new AbortController();
  #wake = new AbortController();

  /** Returns the way out. */
  start(): () => void {
    void this.#follow(this.#leave.signal);
    return () => {
      this.#leave.abort();
      this.#wake.abort();
    };
  }

  approve(body: Approve): Promise<Sent<Screen>> {
    return this.#then(approveScreen(body, this.#leave.signal));
  }
  change(id: string, revision: number, settings: ScreenSettings): Promise<Sent<Screen>> {
    return this.#then(changeScreen(id, { revision, settings }, this.#leave.signal));
  }
  newest(id: string) {
    return getScreen(id, this.#leave.signal);
  }
  step(id: string, by: -1 | 1): Promise<Sent<Screen>> {
    return this.#then(stepScreen(id, by, this.#leave.signal));
  }
  revoke(id: string): Promise<Sent<Screen>> {
    return this.#then(revokeScreen(id, this.#leave.signal));
  }
  restore(id: string): Promise<Sent<Screen>> {
    return this.#then(restoreScreen(id, this.#leave.signal));
  }

  /** Changes one thing of the settings as they are now, whoever else changes others. */
  async amend(id: string, change: (settings: ScreenSettings) => ScreenSettings): Promise<Sent<Screen>> {
    let answer: Sent<Screen> = await this.newest(id);
    for (let tried = 0; answer.ok && tried < TRIES; tried += 1) {
      const { revision, settings } = answer.body;
      const changed: Sent<Screen> = await this.change(id, revision, change(settings));
      if (changed.ok || changed.code !== 'SCREEN_MOVED_ON') return changed;
      answer = await this.newest(id);
    }
    return answer;
  }

  async #then(sent: Promise<Sent<Screen>>): Promise<Sent<Screen>> {
    const answer = await sent;
    if (answer.ok) this.#put(answer.body);
    this.#wake.abort();
    return answer;
  }

  /** Shown at once, before the list is read again. */
  #put(screen: Screen): void {
    const others = (this.screens ?? []).filter(({ id }) => id !== screen.id);
    this.screens = inOrder([...others, screen]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const answer = await getScreens(signal);
      if (signal.aborted) return;
      this.failed = !answer.ok;
      if (answer.ok) {
        this.readMs = performance.now();
        this.build = answer.body.build;
        this.screens = inOrder(answer.body.screens);
      }
      await pause(AGAIN_MS, this.#wake.signal);
    }
  }
}

const isGone = ({ state }: Screen) => Number(state === 'revoked');
/** By name; revoked ones last, on their way out. */
const inOrder = (screens: readonly Screen[]) =>
  [...screens].sort(
    (a, b) =>
      isGone(a) - isGone(b) || a.settings.name.localeCompare(b.settings.name, 'en-GB') || a.id.localeCompare(b.id),
  );
