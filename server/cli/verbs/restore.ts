import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openChecked, restoreBackup, type RestoreDone } from '../../store/restore.ts';
import { loadSystem } from '../load-system.ts';
import { systemHome, withSystemAddress } from '../system-database.ts';
import { UsageFault, type Verb } from '../verb.ts';

export const verb: Verb = {
  usage: '<system id or folder> <file> [--replace]',
  summary:
    'Checks a backup and puts it in place, whole or not at all; the server must be stopped. --replace: where something is.',
  run: async (args, output) => {
    const { name, file, replace } = readArgs(args);
    const definition = await loadSystem(name, output);
    if (definition === null) return 1;
    const { env } = process;
    const checked = await openChecked(resolve(file), definition);
    try {
      const done = await withSystemAddress(definition, env, 'alone', (connectionString) =>
        restoreBackup(checked, { connectionString, system: definition, folder: systemHome(definition, env), replace }),
      );
      for (const line of describeRestore(done)) output.out(line);
    } finally {
      await checked.backup.close();
    }
    return 0;
  },
};

function readArgs(args: readonly string[]): { name: string; file: string; replace: boolean } {
  const { values, positionals } = parse(args);
  const [name, file, ...more] = positionals;
  if (name === undefined || file === undefined || more.length > 0)
    throw new UsageFault('Name one system and one file.');
  return { name, file, replace: values.replace === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { replace: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : 'Wrong arguments.');
  }
}

const many = (count: number, what: string) => `${count.toLocaleString('en-GB')} ${what}${count === 1 ? '' : 's'}`;

function describeRestore({ header, tables, rows, files, migrated, aside }: RestoreDone): string[] {
  return [
    `Restored ${header.system.name} as of ${header.takenAt}: ${many(rows, 'row')} of ${many(tables, 'table')}, ${many(files, 'file')}.`,
    ...(migrated.length === 0 ? [] : [`Brought up to this version: ${migrated.join(', ')}`]),
    ...(aside === null ? [] : [`What was there before lies in ${aside}; remove it when it is no longer wanted.`]),
  ];
}
