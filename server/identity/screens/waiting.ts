/** Requests that wait for something to happen to a wall, each for a while at most. */
export class Waiting {
  readonly #byId = new Map<string, Set<() => void>>();

  wait(id: string, limitMs: number): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const here = this.#byId.get(id) ?? new Set();
    this.#byId.set(id, here);
    const timer = setTimeout(() => go(), limitMs);
    const go = () => {
      clearTimeout(timer);
      here.delete(go);
      if (here.size === 0 && this.#byId.get(id) === here) this.#byId.delete(id);
      resolve(undefined);
    };
    here.add(go);
    return promise;
  }

  wake(id: string): void {
    for (const go of [...(this.#byId.get(id) ?? [])]) go();
  }

  stop(): void {
    for (const id of [...this.#byId.keys()]) this.wake(id);
  }
}
