import type { MetricMeasure, MetricName } from '#shared/model/metrics.ts';
import { metricSpec } from '#shared/model/metrics.ts';
import type { UnitDef } from '#shared/model/definition.ts';
import { foldCells, type Cells } from './cells.ts';
import { growsWithList, holdOf } from './learned-metrics.ts';

/** So many of the nearest in size, none more than twice or less than half as large. */
const MOST_PEERS = 24;
/** Nearest in size among whom those of like deprivation are looked for. */
const LOOKED_AT = 120;
const WIDEST = 2;
const FEWEST_PRACTICES = 5;
const FEWEST_OTHERS = 3;
/** Fifths of deprivation that may lie between two peers. */
const NEAR_FIFTHS = 1;

/** Counts of places without a list tell of their size, not of their kind. */
const COMPARABLE: ReadonlySet<MetricMeasure> = new Set(['share', 'ratio', 'seconds', 'minutes', 'per-1000']);

/** A site as its peers are found by. */
export type PeerSite = Pick<UnitDef, 'id' | 'siteKind' | 'population'> & {
  /** Fifth of deprivation, 1 the most deprived, where it is known. */
  readonly deprivation?: number | null | undefined;
};

export interface PeerCells {
  readonly cells: Cells;
  readonly peers: number;
  /** What they are alike in: "24 practices of like size". */
  readonly alike: string;
}

const PLURALS: Partial<Record<NonNullable<UnitDef['siteKind']>, string>> = {
  practice: 'practices',
  hub: 'hubs',
  'urgent-treatment': 'urgent treatment centres',
  'out-of-hours': 'out-of-hours services',
  nhs111: '111 services',
  'acute-visiting': 'visiting services',
};

/**
 * What is usual among a site's peers, from their own normals of one metric: practices of like list size and, where both
 * are known, like deprivation, by the patient where a count grows with the list; other sites only among their kind and
 * only where size does not matter. Null without enough of them.
 */
export function createPeers(metric: MetricName, sites: readonly PeerSite[], own: ReadonlyMap<string, Cells>) {
  const grows = growsWithList(metric);
  const hold = holdOf(metric);
  const comparable = COMPARABLE.has(metricSpec(metric).measure) || metric === 'pressure.score';
  const known = sites.filter((site) => own.has(site.id));
  const bySize = known
    .filter((site) => site.siteKind === 'practice' && (site.population ?? 0) > 0)
    .sort((a, b) => (a.population ?? 0) - (b.population ?? 0));

  const fold = (target: PeerSite, peers: readonly PeerSite[], fewest: number, alike: string): PeerCells | null => {
    if (peers.length < fewest) return null;
    const rows = peers.flatMap((peer) => {
      const cells = own.get(peer.id);
      if (!cells) return [];
      if (!grows) return [cells.usual];
      const scale = (target.population ?? 0) / (peer.population ?? 1);
      return [cells.usual.map((value) => value * scale)];
    });
    const cells = foldCells(rows, hold, fewest, MOST_PEERS);
    return cells && { cells: { ...cells, days: 0 }, peers: rows.length, alike: `${rows.length} ${alike}` };
  };

  const ofPractice = (target: PeerSite): PeerCells | null => {
    const size = target.population ?? 0;
    if (size <= 0) return null;
    const like = nearest(bySize, size, target.id);
    const fifth = target.deprivation ?? null;
    const alsoLike =
      fifth === null ? [] : like.filter(({ deprivation }) => Math.abs((deprivation ?? NaN) - fifth) <= NEAR_FIFTHS);
    return (
      fold(target, alsoLike.slice(0, MOST_PEERS), FEWEST_PRACTICES, 'practices of like size and deprivation') ??
      fold(target, like.slice(0, MOST_PEERS), FEWEST_PRACTICES, 'practices of like size')
    );
  };

  return (target: PeerSite): PeerCells | null => {
    if (target.siteKind === 'practice') return ofPractice(target);
    if (!comparable || target.siteKind === null) return null;
    const kind = known.filter((site) => site.siteKind === target.siteKind && site.id !== target.id);
    return fold(
      target,
      kind.slice(0, MOST_PEERS),
      FEWEST_OTHERS,
      `other ${PLURALS[target.siteKind] ?? 'sites of its kind'}`,
    );
  };
}

/** Sites within the widest ratio, nearest in size first, `LOOKED_AT` at most; `sites` ascending in size. */
function nearest(sites: readonly PeerSite[], size: number, but: string): PeerSite[] {
  const sizeAt = (i: number) => sites[i]?.population ?? 0;
  let above = sites.findIndex(({ population }) => (population ?? 0) >= size);
  if (above < 0) above = sites.length;
  let below = above - 1;
  const found: PeerSite[] = [];
  while (found.length < LOOKED_AT) {
    const up = above < sites.length ? sizeAt(above) / size : Infinity;
    const down = below >= 0 ? size / sizeAt(below) : Infinity;
    if (Math.min(up, down) > WIDEST) break;
    const site = sites[up <= down ? above++ : below--];
    if (site && site.id !== but) found.push(site);
  }
  return found;
}
