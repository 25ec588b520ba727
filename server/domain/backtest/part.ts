import type { MetricName } from '#shared/model/metrics.ts';
import { dayEnd, dayStart, type EpochMs } from '#shared/model/time.ts';
import type { Normal, SampleBlock, SampleReader } from '../ports.ts';
import type { BacktestJob } from './job.ts';
import { createDay, type Day, type Span } from './day.ts';
import { LEAD_MS } from './distress.ts';
import { createPlan, type Plan, type PlanSite } from './plan.ts';
import { readAhead } from './read-ahead.ts';
import { createSiteState, type SiteState } from './site-state.ts';
import { walkSite } from './site-walk.ts';
import { createSheet, trackOf, type Track, type TrackSheet } from './track.ts';

/** Some 20 ms of work. */
const SITES_A_TURN = 8;

/** Which of so many parts of the sites. */
export interface Part {
  readonly index: number;
  readonly parts: number;
}

/** What is read of the sites of one part. */
export interface PartSources extends SampleReader {
  /** Stretches in which somebody was recording, ascending, that touch [from, to). */
  recorded(from: EpochMs, to: EpochMs): Promise<readonly Span[]>;
  /** What was usual on the London day that begins at `day`, at least for `metrics`. */
  normalOf(day: EpochMs, metrics: readonly MetricName[]): Promise<Pick<Normal, 'usual'>>;
}

/** One day of one part, judged. Plain data. */
export interface PartDay {
  /** Sites of the part in their order, first all on one side, then all on the other. */
  readonly sheet: TrackSheet;
  readonly declared: readonly SampleBlock[];
  /** Metrics of which there was anything. */
  readonly heard: readonly MetricName[];
}

/** Sites begin their day from nothing; a service that never closes has at least six hours to find its level. */
export const beginOf = ({ from }: Pick<BacktestJob, 'from'>): EpochMs => dayStart(from - LEAD_MS);

/** London days of a back-test, from the one in which it begins to find its levels. */
export function daysOf(job: Pick<BacktestJob, 'from' | 'to'>): EpochMs[] {
  const days: EpochMs[] = [];
  for (let start = beginOf(job); start < job.to; start = dayEnd(start)) days.push(start);
  return days;
}

/** Of two parts the first is the smaller: whoever judges it adds up the groups of all as well. */
const FIRST_OF_11 = 5;

export function sitesOf(plan: Plan, { index, parts }: Part): readonly PlanSite[] {
  if (parts === 1) return plan.sites;
  if (parts !== 2) throw new Error(`${parts} parts of sites`);
  return plan.sites.filter(({ place }) => (place % 11 < FIRST_OF_11 ? 0 : 1) === index);
}

/**
 * Judges the sites of one part day by day, each minute by minute by the same code that judges the live board. Memory is
 * bounded by one day of samples.
 */
export async function* judgePart(
  job: BacktestJob,
  part: Part,
  sources: PartSources,
  breathe: () => Promise<unknown>,
): AsyncGenerator<PartDay> {
  const plan = createPlan(job.definition, [job.tried, job.against]);
  const sites = sitesOf(plan, part);
  const states = sites.map(createSiteState);
  const begin = beginOf(job);
  const spans = await sources.recorded(begin, job.to);
  const judged = async (start: EpochMs, blocks: readonly SampleBlock[]): Promise<PartDay> => {
    const normal = await sources.normalOf(start, plan.usual);
    return judgeDay(plan, sites, states, createDay(start, spans), blocks, normal, breathe);
  };
  const units = sites.map((site) => site.def.id);
  let blocks: SampleBlock[] = [];
  const days = daysOf(job)[Symbol.iterator]();
  let day = days.next();
  for await (const block of readAhead(sources.samples({ units, metrics: plan.metrics, from: begin, to: job.to }))) {
    const at = block.at[0] ?? begin;
    for (; day.done !== true && at >= dayEnd(day.value); day = days.next()) {
      yield await judged(day.value, blocks);
      blocks = [];
    }
    blocks.push(block);
  }
  for (; day.done !== true; day = days.next()) {
    yield await judged(day.value, blocks);
    blocks = [];
  }
}

async function judgeDay(
  plan: Plan,
  sites: readonly PlanSite[],
  states: readonly SiteState[],
  day: Day,
  blocks: readonly SampleBlock[],
  normal: Pick<Normal, 'usual'>,
  breathe: () => Promise<unknown>,
): Promise<PartDay> {
  const sheet = createSheet(plan.rules.length * sites.length, day.minutes);
  const bySite = Map.groupBy(blocks, (block) => block.unit);
  const declared: SampleBlock[] = [];
  const heard = new Set<MetricName>();
  for (const [i, site] of sites.entries()) {
    if (i % SITES_A_TURN === 0) await breathe();
    const state = states[i];
    if (!state) continue;
    const own = Map.groupBy(bySite.get(site.def.id) ?? [], (block) => block.metric);
    declared.push(...(own.get('declared.level') ?? []));
    for (const metric of own.keys()) heard.add(metric);
    const tracks = plan.rules.map((_, side) => trackOf(sheet, side * sites.length + i));
    walkSite(plan, site, state, day, own, normal, tracks);
  }
  return { sheet, declared, heard: [...heard] };
}

/** Tracks of all sites by their place in the plan, side by side, from the days of all parts. */
export function tracksOf(plan: Plan, days: readonly PartDay[]): Track[][] {
  const tracks = plan.rules.map((): Track[] => []);
  days.forEach(({ sheet }, index) => {
    const sites = sitesOf(plan, { index, parts: days.length });
    sites.forEach(({ place }, i) => {
      tracks.forEach((own, side) => (own[place] = trackOf(sheet, side * sites.length + i)));
    });
  });
  return tracks;
}
