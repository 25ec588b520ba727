import { readFile, readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf } from '../../domain/error-code.ts';
import { createFaults } from '../../definition/faults.ts';
import { readYaml } from '../../definition/read-yaml.ts';
import { makeDefinition } from '../import/definition.ts';
import { ImportFault } from '../import/import-fault.ts';
import { makeMap } from '../import/map.ts';
import { makeNational } from '../import/national.ts';
import { RecipeSchema, type Recipe } from '../import/recipe.ts';
import { createTallies } from '../import/tally.ts';
import { writeFiles } from '../import/write.ts';
import { backfill, BACKFILLS } from '../backfill/backfill.ts';
import { loadSystem } from '../load-system.ts';
import { withSystemDatabase } from '../system-database.ts';
import { UsageFault, type Output, type Verb } from '../verb.ts';
import { check } from './check.ts';

export const verb: Verb = {
  usage:
    'definition <recipe.yaml> --from <folder> --to <system-dir> [--map <file.json>]\n' +
    '  import national --from <folder> --to <folder>\n' +
    '  import <kind> <file.csv[.gz]> … --system <id or folder>\n' +
    Object.entries(BACKFILLS)
      .map(([kind, title]) => `      ${kind.padEnd(21)} ${title}`)
      .join('\n'),
  summary:
    'Makes a system definition, or the national shapes, from published NHS files; or takes published figures and registers\n' +
    "      into a system's history. Reports what it took and left.",
  run: async (args, output) => {
    const [first = ''] = args;
    if (Object.hasOwn(BACKFILLS, first)) return await importPublished(first, args.slice(1), output);
    if (first !== 'definition' && first !== 'national')
      throw new UsageFault(`Say what to import: definition, national, ${Object.keys(BACKFILLS).join(', ')}.`);
    const { recipe, from, to, map } = readArgs(first, args.slice(1));
    if (first === 'national') return await importNational(from, to, output);
    return await importDefinition(recipe, from, to, map, output);
  },
};

interface ImportArgs {
  readonly recipe: string;
  readonly from: string;
  readonly to: string;
  readonly map: string | undefined;
}

function readArgs(kind: 'definition' | 'national', args: readonly string[]): ImportArgs {
  const text = { type: 'string' } as const;
  const { values, positionals } = parse(args, { from: text, to: text, map: text });
  const [recipe = '', ...more] = positionals;
  const { from, to, map } = values;
  if ((kind === 'definition') !== (recipe !== '') || more.length > 0) {
    throw new UsageFault(kind === 'definition' ? 'Name one recipe.' : 'national takes no recipe.');
  }
  if (typeof from !== 'string' || typeof to !== 'string') throw new UsageFault('Say --from and --to.');
  return { recipe, from, to, map: typeof map === 'string' ? map : undefined };
}

function parse(args: readonly string[], options: Record<string, { type: 'string' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : 'Wrong arguments.');
  }
}

async function importPublished(kind: string, args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args, { system: { type: 'string' } });
  if (positionals.length === 0 || typeof values['system'] !== 'string')
    throw new UsageFault('Name one file or more, and say --system.');
  const definition = await loadSystem(values['system'], output);
  if (definition === null) return 1;
  await withSystemDatabase(definition, process.env, async (database) => {
    for (const path of positionals) await backfill(kind, path, definition, database, output);
  });
  return 0;
}

async function importDefinition(path: string, from: string, to: string, map: string | undefined, output: Output) {
  const recipe = await readRecipe(path, output);
  if (!recipe) return 1;
  const tallies = createTallies();
  const files = await makeDefinition(recipe, from, tallies);
  const kept = recipe.demonstration ? [] : await existing(to, OPERATORS_OWN);
  for (const name of kept) output.out(`${name}: kept as it is in ${to}`);
  await writeFiles(to, Object.fromEntries(Object.entries(files).filter(([name]) => !kept.includes(name))));
  if (map !== undefined) {
    const target = resolve(map);
    await writeFiles(resolve(target, '..'), { [basename(target)]: await makeMap(recipe, from, to) });
  }
  tallies.print(output);
  return check(to, output);
}

/** What an operator tunes by hand: next year's registers must not undo it. */
const OPERATORS_OWN = ['feeds.yaml', 'rules.yaml', 'redirection.yaml'];

async function existing(folder: string, names: readonly string[]): Promise<string[]> {
  const present = await readdir(folder).catch((error: unknown): string[] => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => present.includes(name));
}

async function importNational(from: string, to: string, output: Output) {
  const tallies = createTallies();
  await writeFiles(to, await makeNational(from, tallies));
  tallies.print(output);
  return 0;
}

async function readRecipe(path: string, output: Output): Promise<Recipe | null> {
  const faults = createFaults();
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ImportFault(`${path} cannot be read`, { cause: error });
  });
  const recipe = readYaml(text, RecipeSchema, faults.of(path));
  for (const fault of faults.all()) output.err(`${fault.file}:${fault.line}: ${fault.message}`);
  return recipe?.value ?? null;
}
