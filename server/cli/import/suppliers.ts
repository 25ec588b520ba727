import type { SiteKind } from '#shared/model/site-kind.ts';
import { queueId } from './clouds.ts';
import type { Demonstration } from './demonstration.ts';
import type { SiteDraft } from './site.ts';
import { hashText, pickByShare } from './spread.ts';

/** Practices whose online requests come from no feed yet. */
const NOT_ONLINE_PERCENT = 5;
/** Practices whose rota can be read. */
const ROTA_PERCENT = 60;
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
    const { ahead, clouds, rota, shared = [] } = demonstration;
    const account = shared.find(({ sites }) => sites.includes(site.code));
    const telephony = account?.supplier ?? pickByShare(`telephony ${site.code}`, demonstration.telephony);
    const slots = emis ? demonstration.clinical.emis : demonstration.clinical.other;
    return {
      telephony,
      ...(telephony === clouds?.connect || telephony === clouds?.observations ? { queue: queueId(site.code) } : {}),
      slots,
      ...(slots === ahead ? { asid: `2099${String(hashText(`asid ${site.code}`) % 1e8).padStart(8, '0')}` } : {}),
      ...(hashText(`online ${site.code}`) % 100 < NOT_ONLINE_PERCENT
        ? {}
        : { online: pickByShare(`online supplier ${site.code}`, demonstration.online) }),
      ...(rota !== undefined && hashText(`rota ${site.code}`) % 100 < ROTA_PERCENT ? { rota } : {}),
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
