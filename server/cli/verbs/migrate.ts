import { loadDefinition } from '../../definition/load.ts';
import { findSystemFolder, noSystem } from '../../definition/system-folder.ts';
import { withSystemDatabase } from '../system-database.ts';
import { UsageFault, type Verb } from '../verb.ts';
import { check } from './check.ts';

export const verb: Verb = {
  usage: '<system id or folder>',
  summary: "Brings a system's database up to this version (the server does so by itself when it starts).",
  run: async (args, output) => {
    const [name, ...more] = args;
    if (name === undefined || more.length > 0) throw new UsageFault('Name one system.');
    const folder = findSystemFolder(name);
    if (folder === null) throw new UsageFault(noSystem(name));
    const loaded = await loadDefinition(folder);
    if (!loaded.ok) return check(folder, output);
    const applied = await withSystemDatabase(loaded.definition, process.env, (_, migrated) =>
      Promise.resolve(migrated),
    );
    output.out(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
    return 0;
  },
};
