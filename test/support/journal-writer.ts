import { pino } from 'pino';
import { openJournal } from '../../server/store/journal.ts';
import { commit } from './commits.ts';

/**
 * A process that appends to the journal in `argv[2]` for as long as it lives, and says each number once `append` has
 * returned: what it said must be there after it was killed. Says `locked` when the journal is another's.
 */
const folder = process.argv[2] ?? '';
try {
  const journal = await openJournal({ folder, byteBudget: 64e6, logger: pino({ level: 'silent' }) });
  const { seq, commits } = journal.recovered();
  let next = (commits.at(-1)?.seq ?? seq) + 1;
  const write = () => {
    for (let i = 0; i < 20; i += 1) {
      journal.append(commit(next));
      process.stdout.write(`${next}\n`);
      next += 1;
    }
    if (next % 7 === 0) journal.checkpoint(next - 1, { upTo: next - 1 });
    setImmediate(write);
  };
  write();
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? String(error.code) : String(error)}\n`);
}
