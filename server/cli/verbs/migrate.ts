import { loadSystem } from '../load-system.ts';
import { withSystemDatabase } from '../system-database.ts';
import { UsageFault, type Verb } from '../verb.ts';

export const verb: Verb = {
  usage: '<system id or folder>',
  summary: "Brings a system's database up to this version (the server does so by itself when it starts).",
  run: async (args, output) => {
    const [name, ...more] = args;
    if (name === undefined || more.length > 0) throw new UsageFault('Name one system.');
    const definition = await loadSystem(name, output);
    if (definition === null) return 1;
    const applied = await withSystemDatabase(definition, process.env, (_, migrated) => Promise.resolve(migrated));
    output.out(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
    return 0;
  },
};
