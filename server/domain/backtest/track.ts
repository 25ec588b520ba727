import type { Level } from '#shared/model/level.ts';

/**
 * What one side made of one unit, minute by minute of a day: a minute counts as it ended. 1 to 4 are levels.
 * `NOT_JUDGED`: open, but nothing could be judged at that hour, which is no lack of data.
 */
export const STATE = { closed: 0, unknown: 5, notJudged: 6, notRecorded: 7 } as const;
export const isLevel = (state: number): state is Level => state >= 1 && state <= 4;
/** Open, recorded, and something to judge: the minutes that are counted. */
export const isJudged = (state: number): boolean => state >= 1 && state <= STATE.unknown;

export interface Track {
  readonly states: Uint8Array;
  /** Last known score x 10, by which a practice weighs in its groups; -1: none since it opened. */
  readonly scores: Int16Array;
  /** Level it stands at or stood at before it became unknown, for the groups' distress; 1 where there is none. */
  readonly severity: Uint8Array;
}

export const createTrack = (minutes: number): Track => ({
  states: new Uint8Array(minutes),
  scores: new Int16Array(minutes).fill(-1),
  severity: new Uint8Array(minutes).fill(1),
});

/** Tracks of many units end to end: three arrays that another thread takes over as they are. */
export interface TrackSheet extends Track {
  readonly minutes: number;
}

export const createSheet = (units: number, minutes: number): TrackSheet => ({
  minutes,
  ...createTrack(units * minutes),
});

/** The track of one unit on a sheet, by its place on it. */
export function trackOf({ minutes, states, scores, severity }: TrackSheet, place: number): Track {
  const [from, to] = [place * minutes, (place + 1) * minutes];
  return {
    states: states.subarray(from, to),
    scores: scores.subarray(from, to),
    severity: severity.subarray(from, to),
  };
}
