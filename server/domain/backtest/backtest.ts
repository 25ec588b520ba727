import type { Definition } from '#shared/model/definition.ts';
import type { MetricName } from '#shared/model/metrics.ts';
import type { Rules } from '#shared/model/rules.ts';
import { dayEnd, dayStart, MINUTE, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { BacktestResult } from '#shared/protocol/backtest.ts';
import type { LevelChange, Normal, SampleBlock, SampleReader } from '../ports.ts';
import { createAgreement } from './agreement.ts';
import { createUnitCount, type UnitCount } from './count.ts';
import { createDay, type Day, type Span } from './day.ts';
import { createDistressBook, LEAD_MS } from './distress.ts';
import { createGroupState, groupRates, walkGroups } from './group-walk.ts';
import { notesOf } from './notes.ts';
import { createPlan, type Plan } from './plan.ts';
import { createSiteState, walkSite } from './site-walk.ts';
import { readAhead } from './read-ahead.ts';
import { sumSides } from './tally.ts';
import { createTrack } from './track.ts';

const LONGEST_DAY = 25 * 60;
/** Some 40 ms of work. */
const SITES_A_TURN = 8;

export interface BacktestJob {
  readonly definition: Definition;
  readonly tried: Rules;
  readonly against: Rules;
  /** `<version>/<hash>` of `against`, as recorded level changes name it. */
  readonly againstName: string;
  /** Whole minutes. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What a back-test reads. */
export interface BacktestSources extends SampleReader {
  /** Stretches in which somebody was recording, ascending, that touch [from, to). */
  recorded(from: EpochMs, to: EpochMs): Promise<readonly Span[]>;
  /** The change that every unit's level stood by at `at`. */
  standing(at: EpochMs): Promise<readonly LevelChange[]>;
  /** Changes in [from, to), ascending. */
  changes(from: EpochMs, to: EpochMs): Promise<readonly LevelChange[]>;
  /** What was usual on the London day that begins at `day`, at least for `metrics`. */
  normalOf(day: EpochMs, metrics: readonly MetricName[]): Promise<Pick<Normal, 'usual'>>;
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
 * Which levels would have been when, by two sets of rules in one pass over the history: every site minute by minute by
 * the same code that judges the live board, then every group. Memory is bounded by one day of samples.
 */
export async function runBacktest(
  job: BacktestJob,
  sources: BacktestSources,
  watch: BacktestWatch,
): Promise<BacktestResult> {
  const began = watch.now();
  const plan = createPlan(job.definition, [job.tried, job.against]);
  // Sites begin their day from nothing; a service that never closes has at least six hours to find its level.
  const begin = dayStart(job.from - LEAD_MS);
  const spans = await sources.recorded(begin, job.to);
  const life = createLife(plan, job, sources.normalNote, watch);
  life.agreement.take(await sources.standing(begin));
  const days = daysOf(begin, job.to);
  watch.progress(0, days.length);
  let done = 0;
  const finish = async (start: EpochMs, blocks: readonly SampleBlock[]) => {
    const day = createDay(start, spans);
    const changes = await sources.changes(start, Math.min(day.end, job.to));
    await life.liveDay(day, blocks, changes, await sources.normalOf(start, plan.usual));
    done += 1;
    watch.progress(done, days.length);
  };
  let blocks: SampleBlock[] = [];
  const query = { units: plan.sites.map((site) => site.def.id), metrics: plan.metrics, from: begin, to: job.to };
  for await (const block of readAhead(sources.samples(query))) {
    const at = block.at[0] ?? begin;
    for (let start = days[done]; start !== undefined && at >= dayEnd(start); start = days[done]) {
      await finish(start, blocks);
      blocks = [];
    }
    blocks.push(block);
  }
  for (let start = days[done]; start !== undefined; start = days[done]) {
    await finish(start, blocks);
    blocks = [];
  }
  return life.result(watch.now() - began);
}

function daysOf(begin: EpochMs, to: EpochMs): EpochMs[] {
  const days: EpochMs[] = [];
  for (let start = begin; start < to; start = dayEnd(start)) days.push(start);
  return days;
}

function createLife(plan: Plan, job: BacktestJob, normalNote: string, watch: BacktestWatch) {
  const within: Span = { from: job.from, to: job.to };
  const agreement = createAgreement(job.againstName);
  const distress = createDistressBook(within);
  const siteIds = new Set(plan.sites.map((site) => site.def.id));
  const siteStates = plan.sites.map(createSiteState);
  const siteTracks = plan.rules.map(() => plan.sites.map(() => createTrack(LONGEST_DAY)));
  const rates = groupRates(plan);
  const groupStates = plan.rules.map(() => plan.groups.map(createGroupState));
  const groupTracks = plan.rules.map(() => plan.groups.map(() => createTrack(LONGEST_DAY)));
  const siteCounts = plan.sites.map((site) => createUnitCount(site.def, within));
  const groupCounts = plan.groups.map((group) => createUnitCount(group.def, within));
  const heard = new Set<MetricName>();
  let recordedMinutes = 0;

  const walkSites = async (day: Day, blocks: readonly SampleBlock[], normal: Pick<Normal, 'usual'>) => {
    const bySite = Map.groupBy(blocks, (block) => block.unit);
    for (const site of plan.sites) {
      if (site.place % SITES_A_TURN === 0) await watch.breathe();
      const state = siteStates[site.place];
      if (!state) continue;
      const own = Map.groupBy(bySite.get(site.def.id) ?? [], (block) => block.metric);
      for (const block of own.get('declared.level') ?? []) distress.declared(block);
      for (const metric of own.keys()) heard.add(metric);
      walkSite(
        plan,
        site,
        state,
        day,
        own,
        normal,
        siteTracks.flatMap((tracks) => tracks[site.place] ?? []),
      );
    }
  };
  const addUp = (counts: readonly UnitCount[], tracks: typeof siteTracks, day: Day) => {
    counts.forEach((count, place) => {
      const [tried, against] = [tracks[0]?.[place], tracks[1]?.[place]];
      if (tried && against) count.addDay(day, tried, against, agreement);
    });
  };
  return {
    agreement,
    async liveDay(
      day: Day,
      blocks: readonly SampleBlock[],
      changes: readonly LevelChange[],
      normal: Pick<Normal, 'usual'>,
    ): Promise<void> {
      agreement.take(changes);
      for (const change of changes) if (siteIds.has(change.unit)) distress.recorded(change);
      await walkSites(day, blocks, normal);
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
