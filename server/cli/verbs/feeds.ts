import { parseArgs } from 'node:util';
import { createClock } from '../../clock.ts';
import { createSecret } from '../../config.ts';
import { loadDefinition } from '../../definition/load.ts';
import { findSystemFolder } from '../../definition/system-folder.ts';
import { testFeeds } from '../feeds-test.ts';
import { UsageFault, type Verb } from '../verb.ts';
import { check } from './check.ts';

const SITES = 3;

export const verb: Verb = {
  usage: `test <system id or folder> [--feed <id>] [--sites <n>]`,
  summary: `Asks every feed once, with the secrets of the environment, and prints what came or what is wrong
      (of a feed with an address for each site ${SITES} sites, or as many as --sites says).`,
  run: async (args, output) => {
    const { folder, feed, sites } = readArgs(args);
    const loaded = await loadDefinition(folder);
    if (!loaded.ok) return check(folder, output);
    const { definition } = loaded;
    if (feed !== null && !definition.feeds.some(({ id }) => id === feed))
      throw new UsageFault(`There is no feed ${feed}. There are: ${definition.feeds.map(({ id }) => id).join(', ')}.`);
    const run = process.env['HEADROOM_RUN'];
    const clock = createClock(run ? { run } : 'real');
    return testFeeds({ definition, clock, secret: createSecret(), feed, sites, output });
  },
};

function readArgs(args: readonly string[]): { folder: string; feed: string | null; sites: number } {
  const options = { feed: { type: 'string' }, sites: { type: 'string' } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error));
  }
  const [what, folder, ...more] = parsed.positionals;
  if (what !== 'test' || folder === undefined || more.length > 0)
    throw new UsageFault('Say "test" and name one system, by its id or its folder.');
  const { feed = null, sites = String(SITES) } = parsed.values;
  if (!/^[1-9]\d{0,3}$/.test(sites)) throw new UsageFault('--sites takes a whole number from 1 to 9999.');
  return { folder: findSystemFolder(folder) ?? folder, feed, sites: Number(sites) };
}
