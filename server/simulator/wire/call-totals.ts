import type { UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryText } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import { dayOf, wallSeconds, type Day } from '../world/day.ts';
import { queueStateAt, type QueueState } from '../world/telephony.ts';
import type { World } from '../world/world.ts';

const HEADER =
  'Generated,Practice,Day,Calls in,Ended in menu,Answered,Within 2 minutes,Missed,Callbacks asked,Callbacks made,Oldest callback,Note';
/** When the night's job has the final figures of the day before. */
const YESTERDAY_FROM = wallSeconds('06:00');

/**
 * A telephone platform's wallboard export: today's calls so far, a line a practice, and from 6am the final figures of
 * the day before. CRLF, and a byte order mark, as spreadsheets write it.
 */
export function callTotals(world: World, sites: readonly UnitDef[], day: Day, at: EpochMs, stamp: EpochMs): string {
  const wall = day.wallAt(at);
  const yesterday = dayOf(day.start - 1);
  const lines = sites.flatMap((site) => {
    const calls = world.calls(site, day);
    const before = wall >= YESTERDAY_FROM ? world.totals(site, yesterday) : null;
    return [
      ...(calls ? [line(site, 'today', queueStateAt(calls, wall), stamp)] : []),
      ...(before ? [line(site, 'yesterday', before, stamp)] : []),
    ];
  });
  return `\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`;
}

function line(site: UnitDef, day: string, state: QueueState, stamp: EpochMs): string {
  const note = canaryText(site.id, day, 'totals') ?? '';
  return [
    toInstant(stamp),
    codeOf(site),
    day,
    state.inbound,
    state.endedInIvr,
    state.answered,
    state.answeredWithin2Minutes,
    state.missed,
    state.callbacksRequested,
    state.callbacksMade,
    day === 'today' ? state.oldestCallbackSeconds : '',
    `"${note}"`,
  ].join(',');
}
