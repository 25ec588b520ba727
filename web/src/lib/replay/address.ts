import type { EpochMs } from '$shared/model/time';
import { instantOf } from '../format/time.ts';

/** Speeds that are offered; 0 pauses. */
export const SPEEDS = [1, 10, 60, 300, 600] as const;

/** A moment of the past as an address names it: `?at=2026-01-12T09:15:00Z`, with `&speed=60` where it runs. */
export interface Asked {
  readonly at: EpochMs;
  readonly speed: number;
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
  const speed = Number(url.searchParams.get('speed') ?? 0);
  return { at, speed: Number.isFinite(speed) && speed >= 0 && speed <= 600 ? speed : 0 };
}

/** The same address with the moment in it; null takes it out. */
export function withAsked(url: Address, asked: Asked | null): string {
  const others = [...url.searchParams].filter(([name]) => name !== 'at' && name !== 'speed');
  const at = asked && instantOf(asked.at);
  const pairs = [...others, ...(at ? [['at', at]] : []), ...(asked && asked.speed > 0 ? [['speed', asked.speed]] : [])];
  const query = pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '').replaceAll('%3A', ':')}`)
    .join('&');
  return `${url.pathname}${query ? `?${query}` : ''}${url.hash}`;
}
