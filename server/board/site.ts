import { METRICS, type MetricName } from '#shared/model/metrics.ts';
import { fromInstant, type EpochMs } from '#shared/model/time.ts';
import type { Indicator, Unit } from '#shared/model/unit.ts';
import type { NormalAbout } from '#shared/protocol/normals.ts';
import { besideOfSite } from '../domain/pressure/beside.ts';
import { confidenceOf, siteDoubt } from '../domain/pressure/confidence.ts';
import { siteBrief, siteDrivers } from '../domain/pressure/drivers.ts';
import type { Evidence, ReadyRule } from '../domain/pressure/indicators.ts';
import { keptUntil, step } from '../domain/pressure/levels.ts';
import { scoreSite, type Judged, type SiteScore } from '../domain/pressure/score.ts';
import { siteSentence } from '../domain/pressure/site-sentence.ts';
import { METRIC_INDEX, type SiteLayout } from './layout.ts';
import { recordLevel } from './levels.ts';
import { sameRow, sameSite, type SiteMade } from './memory.ts';
import type { Opening } from './openings.ts';
import { roundFor } from './metric-state.ts';
import { same } from './publish.ts';
import { siteMetrics, type SiteMetrics } from './site-metrics.ts';
import { declaredNow } from './declared.ts';
import { instanceNow } from './sources.ts';
import { absenceOf, known, type SiteState } from './state.ts';
import { markDay, publishTime, trendOf } from './timeline.ts';
import type { World } from './world.ts';

function evidenceOf(site: SiteLayout, state: SiteState, found: SiteMetrics, ready: ReadyRule): Evidence {
  const i = METRIC_INDEX[ready.metric];
  return {
    value: known(state.values[i]),
    usual: known(state.usuals[i]),
    absence: absenceOf(state.absences[i] ?? 0),
    detail: found.details.get(i) ?? null,
    base: known(state.bases[i]),
    population: site.practice ? site.population : null,
  };
}

/** What stands behind a row's usual value. */
function behind(about: NormalAbout | null): Pick<Indicator, 'usualFrom' | 'usualDays'> {
  if (about === null) return {};
  return about.source === 'own' ? { usualFrom: 'own', usualDays: about.days } : { usualFrom: about.source };
}

function indicatorOf(judged: Judged, estimated: boolean, thin: boolean, about: NormalAbout | null): Indicator {
  const { ready, evidence, points, cutoffs, absence, detail, held } = judged;
  const { rule, measure } = ready;
  const rounded = (value: number) => roundFor(measure, value);
  return {
    indicator: rule.id,
    label: rule.label,
    metric: ready.metric,
    measure,
    points,
    weight: rule.weight,
    value: evidence.value === null ? null : rounded(evidence.value),
    usual: evidence.usual === null ? null : rounded(evidence.usual),
    ...behind(about),
    cutoffs: cutoffs && [rounded(cutoffs[0]), rounded(cutoffs[1]), rounded(cutoffs[2])],
    direction: rule.direction,
    absence,
    ...(detail === null ? {} : { detail }),
    ...(held ? { held: true } : {}),
    ...(estimated ? { estimated: true } : {}),
    ...(thin ? { thin: true } : {}),
  };
}

const CLOSED: SiteScore = {
  score: null,
  given: 0,
  possible: 0,
  coverage: 1,
  idle: true,
  floor: 1,
  fallScore: null,
  fallFloor: 1,
  judged: [],
};

function judgeSite(world: World, site: SiteLayout, state: SiteState, found: SiteMetrics, at: EpochMs): SiteScore {
  if (!state.open) {
    // Closed is its own truth: what was known before closing says nothing about the next opening.
    state.memory = [];
    state.lastScore = null;
    return CLOSED;
  }
  const { minimumCoverage } = world.layout.definition.rules;
  return scoreSite(site.rules, (ready) => evidenceOf(site, state, found, ready), state.memory, {
    at,
    minute: world.moment(at).minute,
    holdMs: (ready) => world.feeds[instanceNow(site, state, METRIC_INDEX[ready.metric])]?.status.staleAfterMs ?? 0,
    minimumCoverage,
  });
}

/** What the words and rows of a site are made of now. */
function madeOf(
  world: World,
  site: SiteLayout,
  state: SiteState,
  score: SiteScore,
  opening: Opening,
  at: EpochMs,
): SiteMade {
  const abouts = score.judged.map(({ ready, evidence }) =>
    evidence.usual === null ? null : (world.normal.about?.(site.def.id, ready.metric, at) ?? null),
  );
  return {
    metrics: world.published.units[site.index]?.metrics ?? {},
    score,
    abouts,
    thin: score.judged.map(({ ready, points }) => points !== null && world.thin(site, ready, at)),
    opening,
    day: world.days.start(at),
    level: state.standing.level,
    keptUntil: keptUntil(state.standing),
  };
}

/** The rows of the unit page's table, with what each is doubted for. */
function indicatorsOf(world: World, site: SiteLayout, made: SiteMade): Indicator[] {
  const last = world.memory.sites[site.index];
  const before = world.published.units[site.index]?.indicators;
  return made.score.judged.map((judged, i) => {
    const estimated = world.memory.shown.estimated(site.index, METRIC_INDEX[judged.ready.metric]);
    const was = before?.[i];
    // The row itself, not another like it: then nobody has to look what of it is new.
    if (was && last && sameRow(made, last, i) && (was.estimated === true) === estimated) return was;
    return indicatorOf(judged, estimated, made.thin[i] === true, made.abouts[i] ?? null);
  });
}

/** Points by rule, as groups sum them; whether any of them is another than before. Closed, nothing gives any. */
function putPoints({ points }: SiteState, { judged }: SiteScore): boolean {
  let moved = false;
  const put = (i: number, value: number) => {
    if (Object.is(points[i], value)) return;
    points[i] = value;
    moved = true;
  };
  if (judged.length === 0) for (let i = 0; i < points.length; i += 1) put(i, NaN);
  for (const one of judged) put(one.ready.index, one.points ?? NaN);
  return moved;
}

/**
 * Works out one site at `at` and publishes what changed. `fresh`: new data came since it was last worked out. True where
 * anything is different that its group is made of.
 */
export function evaluateSite(world: World, index: number, at: EpochMs, fresh: boolean): boolean {
  const site = world.layout.sites[index];
  const state = world.sites[index];
  const unit = world.published.units[index];
  if (!site || !state || !unit) return false;
  const opening = world.openings(site.hours, site.def.bankHolidays, at);
  const { open: wasOpen, standing: before, lastScore } = state;
  state.open = opening.open;
  const found = siteMetrics(world, site, state, at, opening);
  const score = judgeSite(world, site, state, found, at);
  state.standing = step(before, { ...score, at, fresh }, world.layout.definition.rules);
  if (score.score !== null) state.lastScore = score.score;
  const moved =
    putPoints(state, score) ||
    found.moved ||
    state.open !== wasOpen ||
    state.lastScore !== lastScore ||
    state.standing.level !== before.level ||
    state.standing.lost?.level !== before.lost?.level;
  const made = madeOf(world, site, state, score, opening, at);
  const last = world.memory.sites[index];
  const sameHours = same(unit.slotHours, found.slotHours);
  if (site.kind === 'hub' && (found.moved || !sameHours)) world.memory.stirHours(index);
  const stands =
    last !== undefined && !found.changed && state.declared.length === 0 && state.said === null && sameSite(last, made);
  if (stands && sameHours) {
    publishTime(world, index, at, markOf(made, state));
    return moved;
  }
  const { doubt, said } = state;
  const indicators = indicatorsOf(world, site, made);
  state.doubt = state.standing.level === null ? null : siteDoubt(indicators);
  publishSite(world, site, state, found, made, indicators, at);
  world.memory.sites[index] = { ...made, metrics: world.published.units[index]?.metrics ?? {} };
  return moved || !same(doubt, state.doubt) || said !== state.said || !sameHours;
}

const markOf = ({ score, level }: SiteMade, { open }: SiteState) => (open && !score.idle ? (level ?? '?') : '.');

function publishSite(
  world: World,
  site: SiteLayout,
  state: SiteState,
  found: SiteMetrics,
  made: SiteMade,
  indicators: Indicator[],
  at: EpochMs,
): void {
  const { score, opening } = made;
  const unit = world.published.units[site.index];
  if (!unit) return;
  const valueOf = (metric: MetricName) => {
    const value = known(state.values[METRIC_INDEX[metric]]);
    return value === null ? null : roundFor(METRICS[metric].measure, value);
  };
  const drivers = siteDrivers(score, valueOf).map((d) => ({
    ...d,
    value: d.value === null ? null : roundFor(measureOf(score, d.indicator), d.value),
  }));
  const level = state.standing.level;
  const story = {
    at,
    open: state.open,
    opensAt: opening.opensAt,
    bankHoliday: opening.bankHoliday,
    score,
    standing: state.standing,
    drivers,
  };
  const reports = site.expected.some((m) => !Number.isNaN(state.values[METRIC_INDEX[m]] ?? NaN)) ? 1 : 0;
  const changed = level !== unit.level;
  world.published.put(site.index, {
    level,
    score: score.score,
    trend: trendOf(score.score, unit.trail),
    coverage: score.coverage,
    drivers,
    metrics: found.metrics,
    ...declaredBeside(world, site, state, at),
    ...(changed ? { levelSince: world.instant(at) } : {}),
    keptUntil: instantOf(world, made.keptUntil),
    confidence: state.doubt && confidenceOf(state.doubt, 'its points', null),
    sentence: siteSentence(story, world.layout.definition.rules),
    brief: state.open ? siteBrief(score, valueOf) : '',
    indicators,
    day: markDay(world, unit.day, at, markOf(made, state)),
    slotHours: [...found.slotHours],
    reporting: { of: 1, sites: reports },
    open: state.open,
  });
  if (changed) recordLevel(world, site.index, unit.level, at, drivers, state.open);
}

const instantOf = (world: World, at: EpochMs | null) => (at === null ? null : world.instant(at));

function declaredBeside(
  world: World,
  site: SiteLayout,
  state: SiteState,
  at: EpochMs,
): Pick<Unit, 'declared' | 'beside'> {
  const declared = declaredNow(world, state, at);
  state.said = declared?.level ?? null;
  if (declared === null) return { declared, beside: null };
  const said = { ...declared, at: fromInstant(declared.at), until: fromInstant(declared.until) };
  const name = site.practice ? 'practice' : site.kind === 'hub' ? 'hub' : 'service';
  return { declared, beside: besideOfSite(said, state.standing.level, state.open, name, at) };
}

const measureOf = (score: SiteScore, indicator: string) =>
  score.judged.find((j) => j.ready.rule.id === indicator)?.ready.measure ?? 'count';
