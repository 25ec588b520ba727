import { RedirectionPolicySchema, type RedirectionPolicy } from '#shared/model/redirection-policy.ts';
import type { Report } from './faults.ts';
import { readYaml } from './read-yaml.ts';
import type { SiteRow } from './sites-file.ts';

export interface RedirectionContext {
  readonly sites: readonly SiteRow[];
  /** Places, neighbourhoods and the system; null where system.yaml could not be read. */
  readonly groups: ReadonlySet<string> | null;
}

/** Reads and checks redirection.yaml: every number with its reason, every hub and unit that it names known. */
export function readRedirection(text: string, context: RedirectionContext, report: Report): RedirectionPolicy | null {
  const file = readYaml(text, RedirectionPolicySchema, report);
  if (!file) return null;
  const hubs = new Set(context.sites.filter(({ siteKind }) => siteKind === 'hub').map(({ id }) => id));
  const sites = new Set(context.sites.map(({ id }) => id));
  const seen = new Set<string>();
  file.value.hubs.forEach(({ hub, only = [] }, i) => {
    const line = (...path: (string | number)[]) => file.line('hubs', i, ...path);
    if (!hubs.has(hub)) report(line('hub'), `"${hub}" is no hub of sites.csv`);
    if (seen.has(hub)) report(line('hub'), `hub "${hub}" is there twice`);
    seen.add(hub);
    only.forEach((unit, at) => {
      if (context.groups && !context.groups.has(unit) && !sites.has(unit))
        report(line('only', at), `hub "${hub}": "${unit}" is no unit of this system`);
    });
  });
  const { place } = file.value.objective;
  if (place.urgent.value < Math.max(place.untriaged.value, place.soon.value, place.expected.value))
    report(file.line('objective', 'place', 'urgent'), 'placing an urgent patient must be worth most');
  return file.value;
}
