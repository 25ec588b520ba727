import { readdir } from 'node:fs/promises';
import { codeOf } from '../domain/error-code.ts';
import { UsageFault, type Output, type Verb } from './verb.ts';

const VERBS = new URL('./verbs/', import.meta.url);

/** Runs `headroom <verb> …`. Every file in `verbs/` is a verb, so only what exists is ever listed. */
export async function dispatch(args: readonly string[], output: Output): Promise<number> {
  const [name = 'help', ...rest] = args;
  const names = await verbNames();
  if (['help', '--help', '-h'].includes(name)) {
    for (const line of await usageLines(names)) output.out(line);
    return args.length === 0 ? 2 : 0;
  }
  if (!names.includes(name)) {
    output.err(`There is no verb "${name}".`);
    for (const line of await usageLines(names)) output.err(line);
    return 2;
  }
  const verb = await loadVerb(name);
  try {
    return await verb.run(rest, output);
  } catch (error) {
    if (!isToldFault(error)) throw error;
    output.err(error.message);
    if (!(error instanceof UsageFault)) return 1;
    output.err(`Usage: headroom ${name} ${verb.usage}`);
    return 2;
  }
}

/** What went wrong around us carries a code and is told; anything else is a fault of ours and keeps its trace. */
function isToldFault(error: unknown): error is Error {
  return codeOf(error) !== '' && !codeOf(error).startsWith('ERR_');
}

async function verbNames(): Promise<string[]> {
  const files = await readdir(VERBS);
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
}

async function loadVerb(name: string): Promise<Verb> {
  const module = (await import(new URL(`${name}.ts`, VERBS).href)) as { verb: Verb };
  return module.verb;
}

async function usageLines(names: readonly string[]): Promise<string[]> {
  const verbs = await Promise.all(names.map(async (name) => ({ name, verb: await loadVerb(name) })));
  return [
    'Usage: npm run headroom -- <verb> …',
    '',
    ...verbs.flatMap(({ name, verb }) => [`  ${name} ${verb.usage}`, `      ${verb.summary}`]),
  ];
}
