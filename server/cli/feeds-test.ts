import type { Definition } from '#shared/model/definition.ts';
import { FEED_STATE_WORDS } from '#shared/model/feed-words.ts';
import { feedInstances } from '../domain/feed-instances.ts';
import type { Clock, PollOutcome } from '../domain/ports.ts';
import { sayAge, some } from '../domain/feed-health/words.ts';
import { sayCount } from '../domain/pressure/phrases.ts';
import type { Rejection } from '../feeds/adapters/adapter.ts';
import { createPoller, type Poller } from '../feeds/poller.ts';
import { NO_QUARANTINE } from '../feeds/quarantine.ts';
import type { Output } from './verb.ts';

/** Polls under way at once. */
const AT_ONCE = 8;
const REFUSALS_SHOWN = 3;

export interface FeedsTest {
  readonly definition: Definition;
  readonly clock: Clock;
  readonly secret: (name: string) => string | undefined;
  /** Only this one; null: all. */
  readonly feed: string | null;
  /** Instances asked of a feed that has one for each site. */
  readonly sites: number;
  readonly output: Output;
}

/** Asks each feed once and prints what came of it. Nothing is kept. Exit code 1 unless every feed was well. */
export async function testFeeds({ definition, clock, secret, feed, sites, output }: FeedsTest): Promise<number> {
  const faults: string[] = [];
  const poller = createPoller({
    ...{ definition, clock, secret, quarantine: NO_QUARANTINE, pausesFile: null },
    onOutcome: () => undefined,
    logger: { debug: ignore, info: ignore, warn: ignore, error: (_, message) => void faults.push(message) },
  });
  try {
    const chosen = chooseInstances(definition, feed, sites);
    const bad = await pollAll(poller, chosen, clock, output);
    for (const fault of new Set(faults)) output.err(`A fault of Headroom itself: ${fault}.`);
    if (chosen.length === 0) output.err('No feed of this system serves any site.');
    else output.out(sayResult(chosen.length, bad));
    return bad === 0 && faults.length === 0 && chosen.length > 0 ? 0 : 1;
  } finally {
    await poller.stop();
  }
}

function sayResult(of: number, bad: number): string {
  if (bad > 0) return `${bad} of ${some(of, 'poll')} did not go well.`;
  return of === 1 ? 'The poll went well.' : `All ${sayCount(of)} polls went well.`;
}

const ignore = (): void => undefined;

function chooseInstances(definition: Definition, feed: string | null, sites: number): string[] {
  const asked = new Map<string, number>();
  return feedInstances(definition).flatMap((instance) => {
    if (feed !== null && instance.feed.id !== feed) return [];
    const before = asked.get(instance.feed.id) ?? 0;
    asked.set(instance.feed.id, before + 1);
    return before < sites && instance.sites.length > 0 ? instance.id : [];
  });
}

/** Prints in the order of the definition, each as soon as those before it are done. Gives how many were not well. */
async function pollAll(poller: Poller, ids: readonly string[], clock: Clock, output: Output): Promise<number> {
  let bad = 0;
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const next = ids.slice(first, first + AT_ONCE);
    const outcomes = await Promise.all(next.map((id) => poller.pollNow(id)));
    for (const outcome of outcomes) {
      if (outcome.state !== 'ok') bad++;
      for (const line of linesOf(outcome, poller.rejections(outcome.feed), clock)) output.out(line);
    }
  }
  return bad;
}

function linesOf(outcome: PollOutcome, rejections: readonly Rejection[], clock: Clock): string[] {
  const { feed, state, fault, latencyMs, rejected } = outcome;
  const words = FEED_STATE_WORDS[state];
  const lines = [
    `${state === 'ok' ? 'well' : 'BAD '}  ${feed}: ${words}; ${whatCame(outcome, clock)}, in ${latencyMs} ms`,
  ];
  if (fault !== '' && state !== 'partly-rejected') lines.push(`        ${fault}`);
  const shown = rejections.slice(0, REFUSALS_SHOWN);
  for (const { place, reason } of shown)
    lines.push(`        refused ${place === '' ? 'the answer' : place}: ${reason}`);
  if (rejected > shown.length) lines.push(`        and ${sayCount(rejected - shown.length)} more`);
  return lines;
}

function whatCame({ observedAt, readings, slots, volume, declared }: PollOutcome, clock: Clock): string {
  if (observedAt === null) return 'nothing came';
  const present = readings.filter(({ value }) => value !== null).length;
  const groups = slots.flatMap((site) => site.groups);
  const free = groups.reduce((sum, group) => sum + group.free, 0);
  const parts = [
    volume === undefined ? '' : some(volume, 'record'),
    `${some(present, 'figure')} present${present < readings.length ? `, ${sayCount(readings.length - present)} absent` : ''}`,
    slots.length === 0 ? '' : `${some(free, 'free slot')} in ${some(groups.length, 'group')}`,
    declared === undefined ? '' : some(declared.length, 'declared level'),
    `${sayAge(Math.max(0, clock.now() - observedAt))} old`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
