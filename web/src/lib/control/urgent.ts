import type { SiteKind } from '$shared/model/site-kind';
import type { Unit } from '$shared/model/unit';
import { attention } from './arrange.ts';

const URGENT: readonly SiteKind[] = [
  'nhs111',
  'out-of-hours',
  'urgent-treatment',
  'acute-visiting',
  'clinical-response',
];

/** 111, out-of-hours and the other urgent services, worst first. */
export function urgentServices(units: ReadonlyMap<string, Unit>): Unit[] {
  return [...units.values()]
    .filter((unit) => unit.siteKind !== null && URGENT.includes(unit.siteKind))
    .sort(
      (a, b) =>
        attention(b) - attention(a) ||
        URGENT.indexOf(a.siteKind ?? 'pharmacy') - URGENT.indexOf(b.siteKind ?? 'pharmacy') ||
        a.name.localeCompare(b.name),
    );
}
