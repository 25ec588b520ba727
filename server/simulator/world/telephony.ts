import { ANSWERED, CALLBACK, ENDED_IN_IVR, MISSED } from './call-profile.ts';
import type { PracticeCalls } from './calls.ts';

/** What a practice's telephone system shows at one moment: gauges of the queue and counts since midnight. */
export interface QueueState {
  waiting: number;
  longestWaitSeconds: number;
  handlersOnCall: number;
  handlersFree: number;
  callbacksWaiting: number;
  oldestCallbackSeconds: number;
  inbound: number;
  endedInIvr: number;
  answered: number;
  answeredWithin2Minutes: number;
  missed: number;
  callbacksRequested: number;
  callbacksMade: number;
}

/** The state at a wall second: a fold over the day's calls, so it is the same after any restart. */
export function queueStateAt(calls: PracticeCalls, wall: number): QueueState {
  const state: QueueState = {
    waiting: 0,
    longestWaitSeconds: 0,
    handlersOnCall: 0,
    handlersFree: 0,
    callbacksWaiting: 0,
    oldestCallbackSeconds: 0,
    inbound: 0,
    endedInIvr: 0,
    answered: 0,
    answeredWithin2Minutes: 0,
    missed: 0,
    callbacksRequested: 0,
    callbacksMade: 0,
  };
  for (let i = 0; i < calls.count && (calls.arrive[i] ?? 0) <= wall; i++) addCall(state, calls, i, wall);
  const staffed = calls.staffed[Math.min(47, Math.floor(wall / 1800))] ?? 0;
  // Nobody is free while callers wait: whoever is not talking then is not taking calls.
  state.handlersFree = state.waiting > 0 ? 0 : Math.max(0, staffed - state.handlersOnCall);
  return state;
}

function addCall(state: QueueState, calls: PracticeCalls, i: number, wall: number): void {
  const join = calls.join[i] ?? 0;
  const leave = calls.leave[i] ?? 0;
  state.inbound += 1;
  const outcome = calls.outcome[i];
  if (outcome === ENDED_IN_IVR) {
    if (join <= wall) state.endedInIvr += 1;
    return;
  }
  if (join > wall) return;
  if (leave > wall) {
    state.waiting += 1;
    state.longestWaitSeconds = Math.max(state.longestWaitSeconds, wall - join);
    return;
  }
  const done = calls.done[i] ?? 0;
  if (outcome === MISSED) state.missed += 1;
  if (outcome === ANSWERED) {
    state.answered += 1;
    if (leave - join <= 120) state.answeredWithin2Minutes += 1;
    if (done > wall) state.handlersOnCall += 1;
  }
  if (outcome === CALLBACK) {
    state.callbacksRequested += 1;
    if (done > wall) {
      state.callbacksWaiting += 1;
      state.oldestCallbackSeconds = Math.max(state.oldestCallbackSeconds, wall - leave);
    } else if (calls.made[i] === 1) state.callbacksMade += 1;
  }
}
