import { formatFault } from '../../definition/faults.ts';
import { loadDefinition } from '../../definition/load.ts';
import { findSystemFolder } from '../../definition/system-folder.ts';
import { UsageFault, type Output, type Verb } from '../verb.ts';

export const verb: Verb = {
  usage: '<system id or folder>',
  summary: 'Checks a system definition and prints every fault with its file and line.',
  run: async (args, output) => {
    const [folder, ...more] = args;
    if (folder === undefined || more.length > 0) throw new UsageFault('Name one system, by its id or its folder.');
    return check(findSystemFolder(folder) ?? folder, output);
  },
};

/** Prints the faults of the definition in `folder`, or what it holds. Exit code 1 with faults. */
export async function check(folder: string, output: Output): Promise<number> {
  const loaded = await loadDefinition(folder);
  if (!loaded.ok) {
    for (const fault of loaded.faults) output.err(`${folder.replace(/\/$/, '')}/${formatFault(fault)}`);
    output.err(`${loaded.faults.length} ${loaded.faults.length === 1 ? 'fault' : 'faults'}`);
    return 1;
  }
  const { name, version, units, feeds, rules, published } = loaded.definition;
  const some = (total: number, one: string) => `${total} ${total === 1 ? one : `${one}s`}`;
  const count = (kind: string, one: string) =>
    some(units.filter((unit) => unit.kind === kind || unit.siteKind === kind).length, one);
  const parts = [
    count('place', 'place'),
    count('neighbourhood', 'neighbourhood'),
    count('practice', 'practice'),
    count('hub', 'hub'),
    `${count('site', 'site')} in all`,
    some(feeds.length, 'feed'),
    some(rules.indicators.length, 'indicator'),
    some(published.length, 'published month'),
  ];
  output.out(`${name}: ${parts.join(', ')}. Version ${version}. No faults.`);
  return 0;
}
