import { METRICS, type MetricName } from '#shared/model/metrics.ts';

interface Facts {
  readonly minutes: number;
  readonly recordedMinutes: number;
  /** Where own normals come from, in a sentence. */
  readonly normalNote: string;
  /** Metrics that are judged and of which no site has any history. */
  readonly unheard: readonly MetricName[];
  /** Distresses that are not listed. */
  readonly leftOut: number;
  /** Recorded levels could be compared with. */
  readonly compared: boolean;
}

/** What a reader of a back-test must know, in plain words. */
export function notesOf(facts: Facts): string[] {
  const missing = facts.minutes - facts.recordedMinutes;
  const notes = [
    facts.normalNote,
    'Hierarchy, list sizes, feeds and opening hours are those of today.',
    'Levels are told to the minute. What the board works out itself (shares, rates) is in the history once a minute.',
  ];
  if (missing > 0) {
    notes.push(`Nothing was recorded in ${missing} of ${facts.minutes} minutes: they count on neither side.`);
  }
  for (const name of facts.unheard) {
    notes.push(`"${METRICS[name].label}" has no history in this stretch: it counts as missing where it is expected.`);
  }
  if (facts.leftOut > 0) notes.push(`${facts.leftOut} earlier distresses are not listed.`);
  if (!facts.compared) notes.push('No levels were recorded by the rules compared with: agreement cannot be told.');
  return notes;
}
