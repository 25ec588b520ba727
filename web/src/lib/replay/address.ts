import type { EpochMs } from '$shared/model/time';
import { instantOf } from '../format/time.ts';

/** Speeds that are offered; 0 pauses. */
export const SPEEDS = [1, 10, 60, 300, 600] as const;

/** Speed that is chosen until somebody chooses another: an hour in a minute. */
export const FIRST_SPEED = 60;

/**
 * A moment of the past as an address names it: `?at=2026-01-12T09:15:00Z`, with `&speed=60` where it runs. Where it stands
 * still, `&play=300` is the speed at which it runs on, unless that is the first.
 */
interface Wanted {
  readonly at: EpochMs;
  /** 0: it stands still. */
  readonly speed: number;
  /** Speed at which it runs, or would. */
  readonly chosen?: number;
}

/** The same as it is read: the speed of then, or the first. */
export interface Asked extends Wanted {
  readonly chosen: number;
}

/** What is needed of a `URL`; that of the page may not be changed. */
export interface Address {
  readonly pathname: string;
  readonly hash: string;
  readonly searchParams: Pick<URLSearchParams, 'get'> & Iterable<[string, string]>;
}

/** What an address asks for; null where it names no moment, or none that can be read. */
export function readAsked(url: Address): Asked | null {
  const text = url.searchParams.get('at');
  const at = text === null ? NaN : Date.parse(text);
  if (!Number.isFinite(at)) return null;
  const speed = readSpeed(url.searchParams.get('speed'));
  return { at, speed, chosen: speed || readSpeed(url.searchParams.get('play')) || FIRST_SPEED };
}

function readSpeed(text: string | null): number {
  const speed = Number(text ?? 0);
  return Number.isFinite(speed) && speed >= 0 && speed <= 600 ? speed : 0;
}

/** Names that the moment has in an address. */
const OURS: readonly string[] = ['at', 'speed', 'play'];

/** The same address with the moment in it; null takes it out. */
export function withAsked(url: Address, asked: Wanted | null): string {
  const others = [...url.searchParams].filter(([name]) => !OURS.includes(name));
  const at = asked && instantOf(asked.at);
  const pairs = [...others, ...(at ? [['at', at]] : []), ...(asked ? speedPairs(asked) : [])];
  const query = pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '').replaceAll('%3A', ':')}`)
    .join('&');
  return `${url.pathname}${query ? `?${query}` : ''}${url.hash}`;
}

const speedPairs = ({ speed, chosen = FIRST_SPEED }: Wanted): [string, string][] => {
  if (speed > 0) return [['speed', String(speed)]];
  return chosen === FIRST_SPEED ? [] : [['play', String(chosen)]];
};
