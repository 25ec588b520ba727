import { randomUUID } from 'node:crypto';
import { toInstant } from '#shared/model/time.ts';
import type {
  Approve,
  ChangeScreen,
  Collected,
  Pairing,
  Screen,
  ScreenOrders,
  ScreenSeen,
  Steps,
} from '#shared/protocol/screens.ts';
import type { Clock, Condition } from '../../domain/ports.ts';
import { PairingCodes } from './codes.ts';
import { KeptScreens, type KeptLogger, type KeptScreen } from './kept.ts';
import { ScreensProblem } from './problem.ts';
import { hashOf, isSecretOf, newScreenId, newSecret } from './secrets.ts';
import { Waiting } from './waiting.ts';

/** A wall that said nothing for this long is silent. It speaks every 5 s. */
const LIVE_MS = 15_000;
/** Real time in which a revocation can be undone; then the wall is forgotten. */
export const UNDO_MS = 10 * 60_000;
/** Real time in which an approved wall can collect its cookie. */
const COLLECT_MS = 10 * 60_000;

export interface ScreensDeps {
  /** `screens.json`; null: in memory only. */
  readonly path: string | null;
  readonly clock: Clock;
  readonly build: string;
  readonly logger: KeptLogger;
  /** Real milliseconds. */
  readonly monotonic?: () => number;
}

/** Whether a request that names a paired wall comes from that wall. */
export type Proof = 'good' | 'unknown' | 'revoked';

interface Heard {
  readonly seen: ScreenSeen;
  readonly atMs: number;
}

/** Paired walls: who pairs them, what they show, whether they are alive. */
export class ScreensDesk {
  readonly #kept: KeptScreens;
  readonly #codes: PairingCodes;
  readonly #deps: ScreensDeps;
  readonly #monotonic: () => number;
  readonly #run = randomUUID();
  readonly #steps = new Map<string, number>();
  readonly #heard = new Map<string, Heard>();
  /** When each was approved, or revoked, on the monotonic clock; of before the start: at the start. */
  readonly #approvedMs = new Map<string, number>();
  readonly #revokedMs = new Map<string, number>();
  readonly #startedMs: number;
  readonly #waiting = new Waiting();
  readonly #leaving = new Set<(id: string) => void>();

  constructor(deps: ScreensDeps) {
    this.#deps = deps;
    this.#monotonic = deps.monotonic ?? (() => performance.now());
    this.#startedMs = this.#monotonic();
    this.#kept = new KeptScreens(deps.path, deps.logger);
    this.#codes = new PairingCodes(this.#monotonic);
  }

  /** A code for a wall at `address` that is not paired. */
  open(address: string): Pairing {
    return { ...this.#codes.open(address), clock: this.#clock() };
  }

  /** `token`: what the wall's cookie is to hold, once it is approved. Asked again before it reports, it gets another. */
  collect(secret: string): Collected & { readonly token: string | null } {
    const now = this.#monotonic();
    const screen = this.#kept.all().find((one) => one.revokedAt === null && isSecretOf(secret, one.secret));
    if (screen !== undefined && now - (this.#approvedMs.get(screen.id) ?? this.#startedMs) < COLLECT_MS) {
      const token = newSecret();
      this.#kept.put({ ...screen, token: hashOf(token) });
      return { state: 'approved', screen: screen.id, token, expiresInMs: 0, clock: this.#clock() };
    }
    const expiresInMs = this.#codes.leftMs(secret);
    const state = expiresInMs > 0 ? 'waiting' : 'expired';
    return { state, screen: null, token: null, expiresInMs, clock: this.#clock() };
  }

  approve({ code, settings }: Approve, by: string, address: string): Screen {
    const secret = this.#codes.find(code, address);
    this.#mustBeFree(settings.name, null);
    const at = toInstant(this.#deps.clock.now());
    const base = { id: newScreenId(), settings, revision: 1, pairedAt: at, pairedBy: by };
    const screen: KeptScreen = { ...base, revokedAt: null, token: null, secret };
    this.#kept.put(screen);
    this.#codes.close(code);
    this.#approvedMs.set(screen.id, this.#monotonic());
    return this.#say(screen);
  }

  list(): readonly Screen[] {
    this.#forgetRevoked();
    return this.#kept.all().map((screen) => this.#say(screen));
  }

  get(id: string): Screen {
    return this.#say(this.#mustHave(id));
  }

  change(id: string, { revision, settings }: ChangeScreen): Screen {
    const screen = this.#mustBeInUse(id);
    if (screen.revision !== revision) {
      const words = `Somebody else has changed this screen since; it is at revision ${screen.revision} now`;
      throw new ScreensProblem('SCREEN_MOVED_ON', words);
    }
    this.#mustBeFree(settings.name, id);
    const changed = { ...screen, settings, revision: revision + 1 };
    this.#kept.put(changed);
    this.#waiting.wake(id);
    return this.#say(changed);
  }

  /** At once: whoever listens ends what the wall has open. */
  revoke(id: string): Screen {
    const screen = this.#mustHave(id);
    if (screen.revokedAt !== null) return this.#say(screen);
    const revoked = { ...screen, revokedAt: toInstant(this.#deps.clock.now()) };
    this.#kept.put(revoked);
    this.#revokedMs.set(id, this.#monotonic());
    this.#waiting.wake(id);
    for (const leave of this.#leaving) leave(id);
    return this.#say(revoked);
  }

  restore(id: string): Screen {
    this.#forgetRevoked();
    const screen = this.#mustHave(id);
    if (screen.revokedAt === null) return this.#say(screen);
    this.#mustBeFree(screen.settings.name, id);
    const restored = { ...screen, revokedAt: null };
    this.#kept.put(restored);
    this.#revokedMs.delete(id);
    return this.#say(restored);
  }

  step(id: string, by: -1 | 1): Screen {
    const screen = this.#mustBeInUse(id);
    this.#steps.set(id, (this.#steps.get(id) ?? 0) + by);
    this.#waiting.wake(id);
    return this.#say(screen);
  }

  /** What a wall says of itself. */
  seen(id: string, seen: ScreenSeen): void {
    this.#heard.set(id, { seen, atMs: this.#monotonic() });
    const screen = this.#mustBeInUse(id);
    // It holds its cookie: nobody else may collect another.
    if (screen.secret !== null) this.#try(() => this.#kept.put({ ...screen, secret: null }));
  }

  orders(id: string): ScreenOrders {
    const { settings, revision } = this.#mustBeInUse(id);
    return { settings, revision, steps: { run: this.#run, count: this.#steps.get(id) ?? 0 } };
  }

  /** Resolves when something is ordered, after `limitMs`, or when the desk stops. */
  untilOrdered(id: string, limitMs: number): Promise<undefined> {
    return this.#waiting.wait(id, limitMs);
  }

  /** Whether these orders are those in force. */
  areNew(id: string, revision: number, steps: Steps['count']): boolean {
    const orders = this.orders(id);
    return orders.revision !== revision || orders.steps.count !== steps;
  }

  prove(id: string, token: string): Proof {
    const screen = this.#kept.get(id);
    if (screen === undefined || !isSecretOf(token, screen.token)) return 'unknown';
    return screen.revokedAt === null ? 'good' : 'revoked';
  }

  /** Called with the id of each wall that is revoked. Returns the way out. */
  onRevoked(listener: (id: string) => void): () => void {
    this.#leaving.add(listener);
    return () => void this.#leaving.delete(listener);
  }

  /** A silent wall is no fault of the server's: it is said on the screens page and in the measures. */
  condition(): Condition {
    const { lost } = this.#kept;
    const reason = lost ? 'the list of paired screens could not be read: walls have to be paired again' : '';
    return { part: 'screens', status: lost ? 'degraded' : 'ok', reason };
  }

  /** Lets go whoever waits for orders. */
  stop(): void {
    this.#waiting.stop();
  }

  #mustHave(id: string): KeptScreen {
    const screen = this.#kept.get(id);
    if (screen === undefined) throw new ScreensProblem('UNKNOWN_SCREEN', 'No paired screen has that id');
    return screen;
  }

  #mustBeInUse(id: string): KeptScreen {
    const screen = this.#mustHave(id);
    if (screen.revokedAt !== null) throw new ScreensProblem('SCREEN_NOT_IN_USE', 'This screen has been revoked');
    return screen;
  }

  #mustBeFree(name: string, but: string | null): void {
    const taken = this.#kept.all().some((s) => s.id !== but && s.revokedAt === null && s.settings.name === name);
    if (taken) throw new ScreensProblem('SCREEN_NAME_TAKEN', 'Another screen has that name');
  }

  #forgetRevoked(): void {
    const now = this.#monotonic();
    const isOver = ({ id, revokedAt }: KeptScreen) =>
      revokedAt !== null && now - (this.#revokedMs.get(id) ?? this.#startedMs) >= UNDO_MS;
    const over = new Set(
      this.#kept
        .all()
        .filter(isOver)
        .map(({ id }) => id),
    );
    if (over.size === 0) return;
    if (!this.#try(() => this.#kept.remove(over))) return;
    for (const map of [this.#heard, this.#steps, this.#approvedMs, this.#revokedMs])
      for (const id of over) map.delete(id);
  }

  #clock(): Pairing['clock'] {
    const { clock } = this.#deps;
    return { now: clock.now(), speed: clock.speed, simulated: clock.simulated };
  }

  /** What may as well be done later: a full disk keeps no wall from being heard. */
  #try(keep: () => void): boolean {
    try {
      keep();
      return true;
    } catch (error) {
      if (error instanceof ScreensProblem) return false;
      throw error;
    }
  }

  #say({ id, settings, revision, pairedAt, pairedBy, revokedAt }: KeptScreen): Screen {
    const heard = this.#heard.get(id);
    const agoMs = heard === undefined ? null : Math.round(this.#monotonic() - heard.atMs);
    const speaking = agoMs === null ? 'never' : agoMs <= LIVE_MS ? 'live' : 'silent';
    return {
      ...{ id, settings, revision, pairedAt, pairedBy, revokedAt },
      seen: heard === undefined || agoMs === null ? null : { agoMs, ...heard.seen },
      state: revokedAt === null ? speaking : 'revoked',
      old: heard !== undefined && heard.seen.build !== this.#deps.build,
    };
  }
}

/** Counts of walls; the shape is that of /metrics. */
export function screenMeasures(screens: readonly Screen[]) {
  const states = ['live', 'silent', 'never'] as const;
  const help = 'Paired walls: live, silent, or never heard of since the server started.';
  const count = (state: Screen['state']) => screens.filter((screen) => screen.state === state).length;
  const samples = states.map((state) => ({ labels: { state }, value: count(state) }));
  return [{ name: 'headroom_screens', help, type: 'gauge' as const, samples }];
}
