import type { FeedStatus, Unit } from '$shared/model/unit';
import { sayCount, sayNumber } from '../format/numbers.ts';

/** RFC 3339 time of the newest payload behind a site; `otherwise` for groups, whose parts are each of their own age. */
export function newestOf(unit: Unit, feeds: ReadonlyMap<string, FeedStatus>, otherwise: string): string | null {
  if (unit.kind !== 'site') return otherwise;
  let newest: string | null = null;
  for (const id of unit.feeds) {
    const at = feeds.get(id)?.observedAt ?? null;
    if (at !== null && (newest === null || at > newest)) newest = at;
  }
  return newest;
}

const SERVICE_WORDS: Readonly<Record<string, string>> = {
  practice: '',
  hub: '7-day access hub',
  'out-of-hours': 'Out-of-hours service',
  nhs111: 'NHS 111',
  'urgent-treatment': 'Urgent treatment',
  'acute-visiting': 'Acute visiting',
  'clinical-response': 'Clinical response',
  pharmacy: 'Pharmacy',
};

/** What a unit is, in one quiet line: code and list of a practice, kind of a service, size of a group. */
export function unitNote(unit: Unit): string {
  const patients = unit.population === null ? '' : `${sayNumber(unit.population)} patients`;
  if (unit.kind === 'site') {
    const service = SERVICE_WORDS[unit.siteKind ?? ''] ?? '';
    return [unit.illustrative ? 'illustrative' : unit.id, service, patients].filter(Boolean).join(' · ');
  }
  const { of, sites } = unit.reporting;
  return [patients, of > 0 ? `${sayNumber(sites)} of ${sayCount(of, 'practice')} reporting` : '']
    .filter(Boolean)
    .join(' · ');
}

/** Who sends what is known of a unit: its suppliers by name; of a group, that it is summed. */
export function sourcesOf(unit: Unit, feeds: ReadonlyMap<string, FeedStatus>): string {
  if (unit.kind !== 'site') return 'summed from its practices and services';
  const names = new Set(unit.feeds.flatMap((id) => feeds.get(id)?.supplier.replaceAll('-', ' ') ?? []));
  return names.size > 0 ? [...names].join(', ') : 'no feed';
}
