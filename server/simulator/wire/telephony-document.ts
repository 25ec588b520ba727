import type { SharedAccount, SupplierDef, UnitDef } from '#shared/model/definition.ts';
import { toInstant, type EpochMs } from '#shared/model/time.ts';
import { canaryCaller } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import { trait } from '../random.ts';
import type { Day } from '../world/day.ts';
import { queueStateAt, type QueueState } from '../world/telephony.ts';
import type { World } from '../world/world.ts';

/** How a supplier's document differs from the plain one. */
export interface TelephonyStyle {
  /** Telephone accounts of several practices: one entry for all of them. */
  readonly shared: readonly SharedAccount[];
  /** Its "missed" counts those who hung up in the menu too, as some suppliers' do; the menu has a field of its own. */
  readonly menuInMissed: boolean;
}

export const styleOf = (supplier: SupplierDef | undefined, shared: readonly SharedAccount[]): TelephonyStyle => ({
  shared,
  menuInMissed: supplier?.fields['missed'] !== undefined,
});

/** `telephony-queues` of the contract: one document with every practice of a supplier. */
export function telephonyDocument(
  world: World,
  sites: readonly UnitDef[],
  style: TelephonyStyle,
  day: Day,
  at: EpochMs,
  stamp: EpochMs,
): string {
  const wall = day.wallAt(at);
  const accountOf = new Map(style.shared.flatMap(({ account, sites: ids }) => ids.map((id) => [id, account] as const)));
  const states = new Map<string, QueueState>();
  for (const site of sites) {
    const calls = world.calls(site, day);
    if (!calls) continue;
    const code = accountOf.get(site.id) ?? codeOf(site);
    const state = queueStateAt(calls, wall);
    const known = states.get(code);
    states.set(code, known ? together(known, state) : state);
  }
  const queues = [...states].map(([code, state]) => entry(code, state, style, day));
  return JSON.stringify({ generatedAt: toInstant(stamp), queues });
}

/** One queue for the callers of both: counts add up, the longest wait is the longer one. */
function together(a: QueueState, b: QueueState): QueueState {
  const sum = { ...a };
  for (const key of Object.keys(sum) as (keyof QueueState)[]) sum[key] = a[key] + b[key];
  sum.longestWaitSeconds = Math.max(a.longestWaitSeconds, b.longestWaitSeconds);
  sum.oldestCallbackSeconds = Math.max(a.oldestCallbackSeconds, b.oldestCallbackSeconds);
  if (sum.waiting > 0) sum.handlersFree = 0;
  return sum;
}

function entry(odsCode: string, state: QueueState, { menuInMissed }: TelephonyStyle, day: Day) {
  const { inbound, endedInIvr, answered, answeredWithin2Minutes, missed, callbacksRequested, callbacksMade, ...now } =
    state;
  const callbacks = { callbacksRequested, callbacksMade };
  const sinceMidnight = menuInMissed
    ? {
        inbound,
        abandonedInMenu: endedInIvr,
        answered,
        answeredWithin2Minutes,
        missed: missed + endedInIvr,
        ...callbacks,
      }
    : { inbound, endedInIvr, answered, answeredWithin2Minutes, missed, ...callbacks };
  const caller = trait(odsCode, 'last-caller') < 0.25 ? { lastCaller: canaryCaller(odsCode, day.date, 'call') } : {};
  return { odsCode, ...now, sinceMidnight, ...caller };
}
