import type { Definition } from '#shared/model/definition.ts';
import type { PublishedMembershipRow, PublishedOrganisationRow } from '../../store/published.ts';

/** What a register says otherwise than the system definition, one line each, for whoever keeps the definition. */
export function differences(
  definition: Definition,
  organisations: readonly PublishedOrganisationRow[],
  memberships: readonly PublishedMembershipRow[],
): string[] {
  const sites = definition.units.filter(({ kind, illustrative }) => kind === 'site' && !illustrative);
  const byCode = new Map(organisations.map((organisation) => [organisation.code, organisation]));
  const groups = new Map(definition.units.map((unit) => [unit.id, unit]));
  const practices = new Map(memberships.map(({ practice }) => [practice, [] as PublishedMembershipRow[]]));
  for (const membership of memberships) practices.get(membership.practice)?.push(membership);

  return sites.flatMap((site) => {
    const code = site.odsCode ?? site.id;
    const known = byCode.get(code);
    const said: string[] = [];
    if (known && known.status !== 'A' && known.status !== null)
      said.push(
        `${code} ${site.name}: the register has it as ${WORDS[known.status] ?? known.status}${known.closed ? ` since ${known.closed}` : ''}`,
      );
    const current = (practices.get(code) ?? []).filter(({ to }) => to === null).map(({ network }) => network);
    const parent = groups.get(site.parent ?? '');
    const network = parent?.kind === 'neighbourhood' ? parent.odsCode : null;
    // A neighbourhood that is no network (a Health Need Neighbourhood) cannot differ from one.
    if (site.siteKind === 'practice' && network !== null && current.length > 0 && !current.includes(network))
      said.push(`${code} ${site.name}: in ${current.join(' and ')} by the register, in ${network} here`);
    return said;
  });
}

const WORDS: Readonly<Record<string, string>> = { C: 'closed', D: 'dormant', P: 'proposed' };
