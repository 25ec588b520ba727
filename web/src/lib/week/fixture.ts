import type { ScoreLine } from '$shared/protocol/scorecard';

/** A line of a neighbourhood to which nothing was offered, with what differs. For tests and the style guide. */
export const lineOf = (unit: string, parent: string | null, given: Partial<ScoreLine> = {}): ScoreLine => ({
  ...{ unit, name: unit, parent, kind: 'neighbourhood', depth: 2, population: 1000, redirections: 0 },
  ...{ offered: 0, accepted: 0, held: 0, booked: 0, notTold: 0, attended: 0, attendedOf: 0, returned: 0, lapsed: 0 },
  ...{ refused: {}, minutes: 0, minutesPer1000: 0, hubs: null, km: null, remoteShare: null, minutesToDecide: null },
  fairness: { need: 0, met: null, mostDeprived: null, leastDeprived: null, unevenness: null },
  pressure: null,
  ...given,
});
