import type { SiteKind } from '#shared/model/site-kind.ts';
import type { Recipe } from './recipe.ts';
import type { SiteDraft } from './site.ts';
import { hashText, pickByShare } from './spread.ts';

type Demonstration = NonNullable<Recipe['demonstration']>;

const BOOKED: readonly SiteKind[] = ['hub', 'urgent-treatment', 'acute-visiting', 'clinical-response'];

/**
 * Gives every site the invented suppliers of the demonstration and an invented directory number, the same in every
 * import. `systems`: the clinical system that is published for each practice.
 */
export function assignSuppliers(
  sites: readonly SiteDraft[],
  demonstration: Demonstration,
  systems: ReadonlyMap<string, string>,
): SiteDraft[] {
  const numbers = new Set<string>();
  return sites.map((site) => {
    const { onboarded, ...identifiers } = site.identifiers;
    if (onboarded === 'no') return { ...site, identifiers };
    return { ...site, identifiers: { ...identifiers, ...identifiersOf(site, demonstration, systems, numbers) } };
  });
}

function identifiersOf(
  site: SiteDraft,
  demonstration: Demonstration,
  systems: ReadonlyMap<string, string>,
  numbers: Set<string>,
): Record<string, string> {
  if (site.kind === 'practice') {
    const emis = /EMIS/i.test(systems.get(site.code) ?? '');
    return {
      telephony: pickByShare(`telephony ${site.code}`, demonstration.telephony),
      slots: emis ? demonstration.clinical.emis : demonstration.clinical.other,
      dos: directoryNumber(site.code, numbers),
    };
  }
  if (BOOKED.includes(site.kind)) return { slots: demonstration.bookings, dos: directoryNumber(site.code, numbers) };
  if (site.kind === 'nhs111' || site.kind === 'out-of-hours') return { iuc: demonstration.urgent };
  return {};
}

/** Ten digits like a Directory of Services id, from a range that holds no real one known to us. */
function directoryNumber(code: string, taken: Set<string>): string {
  for (let at = hashText(`dos ${code}`) % 1_000_000; ; at = (at + 1) % 1_000_000) {
    const number = `2099${String(at).padStart(6, '0')}`;
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
}
