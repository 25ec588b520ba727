import type { MetricName } from '#shared/model/metrics.ts';
import { MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { LevelChange } from '../ports.ts';
import { createAgreement } from './agreement.ts';
import { createUnitCount, type UnitCount } from './count.ts';
import { createDay, type Day, type Span } from './day.ts';
import { createDistressBook } from './distress.ts';
import { createGroupState, groupRates, walkGroups } from './group-walk.ts';
import type { BacktestJob } from './job.ts';
import { notesOf } from './notes.ts';
import { beginOf, daysOf, judgePart, tracksOf, type PartDay, type PartSources } from './part.ts';
import { createPlan, type Plan } from './plan.ts';
import { sumSides } from './tally.ts';
import { createTrack, type Track } from './track.ts';

const LONGEST_DAY = 25 * 60;

/** What a back-test reads. */
export interface BacktestSources extends PartSources {
  /** The change that every unit's level stood by at `at`. */
  standing(at: EpochMs): Promise<readonly LevelChange[]>;
  /** Changes in [from, to), ascending. */
  changes(from: EpochMs, to: EpochMs): Promise<readonly LevelChange[]>;
  /** Where own normals come from, in plain words for the notes: a whole sentence. */
  readonly normalNote: string;
}

export interface BacktestWatch {
  /** `done` days of `days`. */
  progress(done: number, days: number): void;
  /** Monotonic milliseconds. */
  now(): number;
  /** Lets whatever else the thread has to do have its turn, reading on above all. */
  breathe(): Promise<unknown>;
}

/**
 * Which levels would have been when, by two sets of rules in one pass over the history: first the sites, of which another
 * thread may judge a part (`others`: what comes of it, day by day), then every group.
 */
export async function runBacktest(
  job: BacktestJob,
  sources: BacktestSources,
  watch: BacktestWatch,
  others?: AsyncIterable<PartDay>,
): Promise<BacktestResult> {
  const began = watch.now();
  const plan = createPlan(job.definition, [job.tried, job.against]);
  const begin = beginOf(job);
  const spans = await sources.recorded(begin, job.to);
  const life = createLife(plan, job, sources.normalNote);
  life.agreement.take(await sources.standing(begin));
  const own = judgePart(job, { index: 0, parts: others ? 2 : 1 }, sources, () => watch.breathe());
  const parts = [own, ...(others ? [others] : [])].map((part) => part[Symbol.asyncIterator]());
  const days = daysOf(job);
  watch.progress(0, days.length);
  try {
    for (const [done, start] of days.entries()) {
      const found = await Promise.all(parts.map(async (part) => dayFrom(await part.next())));
      const day = createDay(start, spans);
      life.liveDay(day, found, await sources.changes(start, Math.min(day.end, job.to)));
      watch.progress(done + 1, days.length);
    }
  } finally {
    // Not waited for: one of them may be in the middle of a day.
    for (const part of parts) void part.return?.();
  }
  return life.result(watch.now() - began);
}

function dayFrom({ value, done }: IteratorResult<PartDay, unknown>): PartDay {
  if (done === true) throw new Error('a part of the sites ended before the others');
  return value;
}

function createLife(plan: Plan, job: BacktestJob, normalNote: string) {
  const within: Span = { from: job.from, to: job.to };
  const agreement = createAgreement(job.againstName);
  const distress = createDistressBook(within);
  const siteIds = new Set(plan.sites.map((site) => site.def.id));
  const rates = groupRates(plan);
  const groupStates = plan.rules.map(() => plan.groups.map(createGroupState));
  const groupTracks = plan.rules.map(() => plan.groups.map(() => createTrack(LONGEST_DAY)));
  const siteCounts = plan.sites.map((site) => createUnitCount(site.def, within));
  const groupCounts = plan.groups.map((group) => createUnitCount(group.def, within));
  const heard = new Set<MetricName>();
  let recordedMinutes = 0;

  const addUp = (counts: readonly UnitCount[], tracks: readonly (readonly Track[])[], day: Day) => {
    counts.forEach((count, place) => {
      const [tried, against] = [tracks[0]?.[place], tracks[1]?.[place]];
      if (tried && against) count.addDay(day, tried, against, agreement);
    });
  };
  return {
    agreement,
    liveDay(day: Day, parts: readonly PartDay[], changes: readonly LevelChange[]): void {
      agreement.take(changes);
      for (const change of changes) if (siteIds.has(change.unit)) distress.recorded(change);
      for (const part of parts) {
        part.declared.forEach((block) => distress.declared(block));
        for (const metric of part.heard) heard.add(metric);
      }
      const siteTracks = tracksOf(plan, parts);
      plan.rules.forEach((rules, i) => {
        walkGroups(plan, rules, rates, groupStates[i] ?? [], day, siteTracks[i] ?? [], groupTracks[i] ?? []);
      });
      addUp(siteCounts, siteTracks, day);
      addUp(groupCounts, groupTracks, day);
      for (let m = 0; m < day.minutes; m += 1) {
        const at = day.start + m * MINUTE;
        if (day.recorded[m] === 1 && at >= within.from && at < within.to) recordedMinutes += 1;
      }
    },
    result(tookMs: number): BacktestResult {
      const byId = new Map([...siteCounts, ...groupCounts].map((count) => [count.def.id, count]));
      const { leadTimes, leftOut } = distress.leadTimes((id) => {
        const count = byId.get(id);
        return count ? { name: count.def.name, stretches: count.stretches } : null;
      });
      const units = job.definition.units.flatMap(({ id }) => byId.get(id)?.unit() ?? []);
      const sites = units.filter(({ id }) => siteIds.has(id));
      const share = agreement.share();
      return {
        from: toInstant(job.from),
        to: toInstant(job.to),
        recordedMinutes,
        sites: sites.length,
        judged: siteCounts.reduce((sum, count) => sum + count.judged(), 0),
        tookMs,
        triedTotals: sumSides(sites.map((unit) => unit.tried)),
        againstTotals: sumSides(sites.map((unit) => unit.against)),
        agreement: share,
        units,
        leadTimes,
        notes: notesOf({
          minutes: Math.round((job.to - job.from) / MINUTE),
          recordedMinutes,
          normalNote,
          unheard: plan.metrics.filter((name) => name !== 'declared.level' && !heard.has(name)),
          leftOut,
          compared: share !== null,
        }),
      };
    },
  };
}
