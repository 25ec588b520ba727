import { fromInstant, toInstant, type EpochMs } from '#shared/model/time.ts';
import type { FeedStatus, Unit } from '#shared/model/unit.ts';
import { MARKS, type FeedsSummary, type QuarantineGroupBody } from '#shared/protocol/feeds.ts';
import type { Condition, QuarantineGroup } from '../ports.ts';
import type { Cause } from './cause.ts';
import { gatherCauses, sayCause } from './causes.ts';
import { coverageOf } from './coverage.ts';
import { lately, type Episodes } from './episodes.ts';
import { makeField } from './field.ts';
import type { FeedLayout } from './layout.ts';
import { assignLetters } from './letters.ts';
import { markPairs, TROUBLED, type MarkedPair } from './marks.ts';
import { feedsSentence, stoppedText } from './sentence.ts';

/** More groups of refused records than anybody reads are left to the records themselves. */
const MOST_GROUPS = 50;

export interface HealthInputs {
  /** Product clock. */
  readonly at: EpochMs;
  readonly feeds: readonly FeedStatus[];
  readonly unit: (id: string) => Unit | undefined;
  readonly conditions: readonly Condition[];
  readonly quarantine: { readonly today: number; readonly note: string; readonly groups: readonly QuarantineGroup[] };
  readonly episodes: Episodes;
  /** Letters of the causes last told. */
  readonly letters: ReadonlyMap<string, string>;
  /** Our clock against those of feeds and database, where it can be compared. */
  readonly clock: FeedsSummary['clock'];
}

export interface HealthTold {
  readonly summary: FeedsSummary;
  /** To be handed in the next time, so that a cause keeps its letter. */
  readonly letters: ReadonlyMap<string, string>;
}

/** The health of all feeds as screens say it. Pure; costs a walk over all sites. */
export function feedsSummary(layout: FeedLayout, inputs: HealthInputs): HealthTold {
  const { at, feeds, unit, conditions } = inputs;
  const statuses = new Map(feeds.map((feed) => [feed.id, feed]));
  const stopped = conditions.some(({ part, status }) => part === 'poller' && status === 'down');
  const seen = { at, unit, status: (id: string) => statuses.get(id), stopped };
  const marks = markPairs(layout, seen);
  const causes = gatherCauses(layout, marks, seen);
  const letters = assignLetters(
    inputs.letters,
    causes.map(({ key }) => key),
  );
  const letterOf = (key: string): string => letters.get(key) ?? '';
  const coverage = coverageOf(layout, marks, unit);
  const counted = countMarks(marks);
  const { began, mended, last } = lately(inputs.episodes, at);
  const since = stopped ? lastPoll(feeds) : null;
  const facts = { layout, now: at, of: counted.of, trouble: counted.trouble, unasked: counted.marks['q'] ?? 0 };
  const summary: FeedsSummary = {
    at: toInstant(at),
    counts: { of: counted.of, live: counted.live, trouble: counted.trouble, causes: causes.length },
    coverage: coverage.level,
    marks: counted.marks,
    sentence: stopped ? stoppedText(since, at) : feedsSentence({ ...facts, causes, coverage: coverage.level }),
    stopped: stopped ? { since: since === null ? null : toInstant(since), text: stoppedText(since, at) } : null,
    field: makeField(layout, marks, (pair) => letterOf(causeKey(pair, statuses))),
    causes: causes.map((cause) => sayCause(layout, cause, letterOf(cause.key), at)),
    lastHour: { began, mended },
    mended: last.map(({ title, where, at: end, since: began }) => ({
      title,
      where,
      at: toInstant(end),
      lastedMs: end - began,
    })),
    coverageBy: coverage.by,
    quarantine: {
      today: inputs.quarantine.today,
      note: inputs.quarantine.note,
      groups: inputs.quarantine.groups
        .slice(0, MOST_GROUPS)
        .map((group) => sayGroup(layout, group, causes, letterOf, statuses)),
    },
    clock: inputs.clock,
  };
  return { summary, letters };
}

/** The cause of a troubled mark: that of the feed it stands for. */
function causeKey({ mark, feed, family, troubles }: MarkedPair, statuses: ReadonlyMap<string, FeedStatus>): string {
  const trouble = TROUBLED.has(mark) ? troubles.find((each) => each.feed === feed)?.trouble : undefined;
  return trouble === undefined ? '' : `${statuses.get(feed)?.supplier ?? ''}/${family}/${trouble}`;
}

function countMarks(marks: readonly MarkedPair[]) {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(MARKS).map((mark) => [mark, 0]));
  for (const { mark } of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  const of = marks.length - (counts['n'] ?? 0);
  const trouble = marks.filter(({ mark }) => TROUBLED.has(mark)).length;
  return { marks: counts, of, trouble, live: of - trouble - (counts['q'] ?? 0) };
}

function lastPoll(feeds: readonly FeedStatus[]): EpochMs | null {
  const last = feeds.reduce((latest, { polledAt }) => (polledAt !== null && polledAt > latest ? polledAt : latest), '');
  return last === '' ? null : fromInstant(last);
}

/** Troubles in which records are refused: the cause of a group is the one its feeds share with it. */
const REFUSING = ['partly-rejected', 'invalid', 'mapping-failed', 'duplicate', 'malformed', 'missing-site'];

function sayGroup(
  layout: FeedLayout,
  group: QuarantineGroup,
  causes: readonly Cause[],
  letterOf: (key: string) => string,
  statuses: ReadonlyMap<string, FeedStatus>,
): QuarantineGroupBody {
  const feeds = new Set(group.feeds);
  const cause = causes.find(
    ({ trouble, statuses: behind }) => REFUSING.includes(trouble) && behind.some(({ id }) => feeds.has(id)),
  );
  const [first = ''] = group.feeds;
  return {
    ...group,
    supplierName: layout.supplierName(group.supplier),
    label: statuses.get(first)?.label ?? '',
    feeds: [...group.feeds],
    history: [...group.history],
    firstAt: toInstant(group.firstAt),
    lastAt: toInstant(group.lastAt),
    cause: cause ? letterOf(cause.key) : null,
  };
}
