import Type from 'typebox';
import type { SyncAdapter } from './adapter.ts';
import type { RecordMemory, RecordReader } from './records.ts';
import { compiled, createRefusals, payloadTime } from './values.ts';

/** How documents are read that have a time of their own and, under the name `list`, one list of records, one a site. */
export function documentOf(list: string): (records: RecordReader) => SyncAdapter<RecordMemory | null>['read'] {
  const schema = compiled(
    Type.Object({ generatedAt: Type.Optional(Type.Unknown()), [list]: Type.Array(Type.Unknown()) }),
  );
  return (records) =>
    (payload, { instance, now }, memory) => {
      if (!schema.Check(payload)) return { ok: false, state: 'invalid', fault: `the answer has no list of ${list}` };
      // The schema has just said so; a name that is only known here cannot be in its type.
      const { generatedAt, [list]: held } = payload as Readonly<Record<string, unknown>>;
      const entries = held as readonly unknown[];
      const refusals = createRefusals();
      const observedAt = payloadTime(generatedAt, now, '/generatedAt', refusals);
      const read = records.read(entries, `/${list}`, instance.sites, memory, refusals);
      return {
        ok: true,
        observedAt,
        readings: read.readings,
        slots: [],
        rejected: refusals.list,
        rejectedCount: refusals.count,
        duplicates: read.duplicates,
        next: null,
        memory: read.memory,
        volume: entries.length,
      };
    };
}
