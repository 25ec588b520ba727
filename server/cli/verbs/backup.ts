import { resolve } from 'node:path';
import { takeBackup, type BackupDone } from '../../store/backup.ts';
import { loadSystem } from '../load-system.ts';
import { systemHome, withSystemAddress } from '../system-database.ts';
import { UsageFault, type Verb } from '../verb.ts';

export const verb: Verb = {
  usage: '<system id or folder> <file>',
  summary: 'Writes everything that a system keeps into one file; a server may go on meanwhile. Never overwrites.',
  run: async (args, output) => {
    const [name, file, ...more] = args;
    if (name === undefined || file === undefined || more.length > 0)
      throw new UsageFault('Name one system and one file.');
    const definition = await loadSystem(name, output);
    if (definition === null) return 1;
    const { env } = process;
    const system = { id: definition.id, name: definition.name };
    const done = await withSystemAddress(definition, env, 'beside', (connectionString) =>
      takeBackup({ connectionString, system, folder: systemHome(definition, env), file: resolve(file) }),
    );
    for (const line of describeBackup(done)) output.out(line);
    return 0;
  },
};

const many = (count: number, what: string) => `${count.toLocaleString('en-GB')} ${what}${count === 1 ? '' : 's'}`;

function describeBackup({ header, tables, rows, files, bytes }: BackupDone): string[] {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const runs = header.runs.map(({ run, simulated, recordedTo }) => {
    const until = recordedTo === null ? 'nothing recorded yet' : `recorded to ${recordedTo}`;
    return `  run ${run}${simulated ? ' (simulated)' : ''}: ${until}`;
  });
  return [
    `Backed up ${header.system.name}: ${many(rows, 'row')} of ${many(tables, 'table')}, ${many(files, 'file')}, ${size}.`,
    ...runs,
  ];
}
