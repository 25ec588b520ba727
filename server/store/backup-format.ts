import Type, { type Static } from 'typebox';

/** Rises when an older program could no longer read what is written. */
export const FORMAT = 1;
/** First and last bytes of a backup; both 16 long. */
export const MAGIC = Buffer.from('HEADROOM-BACKUP\n');
export const END = Buffer.from('HEADROOM-WHOLE.\n');
/** Where the contents lie (8 bytes), how long they are (4), their SHA-256 (32), the end mark (16). */
export const FOOTER_BYTES = 60;
/** A table of contents of tens of thousands of tables and files; more is no backup of ours. */
export const MOST_JSON_BYTES = 64 * 1024 * 1024;

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Count = Type.Integer({ minimum: 0 });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Known when the backup begins. */
export const HeaderSchema = Type.Object({
  format: Type.Integer({ minimum: 1 }),
  /** Version of the program that wrote it. */
  product: Type.String(),
  system: Type.Object({ id: Type.String(), name: Type.String() }),
  /** Real time. */
  takenAt: Type.String(),
  migrations: Type.Array(Type.Object({ number: Type.Integer({ minimum: 1 }), name: Type.String(), hash: Hash })),
  /** Runs in the database; `recordedTo`: product time up to which the history had been taken in. */
  runs: Type.Array(Type.Object({ run: Type.String(), simulated: Type.Boolean(), recordedTo: Nullable(Type.String()) })),
});
export type Header = Static<typeof HeaderSchema>;

/** A stretch of the file: one zstd stream. `sha256` is of its bytes as they lie there. */
export const SectionSchema = Type.Object({ offset: Count, bytes: Count, sha256: Hash });
export type Section = Static<typeof SectionSchema>;

/** A table in the order in which they are filled: what is referred to comes first. */
export const TableSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  columns: Type.Array(Type.String({ minLength: 1 })),
  /** What makes it a partition: of which table, its bounds and its own key, as the catalogue writes them. */
  partition: Nullable(Type.Object({ of: Type.String(), bound: Type.String() })),
  key: Nullable(Type.String()),
  options: Type.Array(Type.String()),
  rows: Count,
  /** Null: a partitioned table, whose rows lie in its partitions. */
  section: Nullable(SectionSchema),
});
export type Table = Static<typeof TableSchema>;

/** A file of the data folder. */
export const KeptFileSchema = Type.Object({
  /** From the system's folder on, with `/`. */
  path: Type.String({ pattern: '^(?!.*(^|/)\\.\\.?(/|$))[^/\\\\\\x00]+(/[^/\\\\\\x00]+)*$' }),
  bytes: Count,
  section: SectionSchema,
});
export type KeptFile = Static<typeof KeptFileSchema>;

/** Known when the backup ends. */
export const ContentsSchema = Type.Object({
  header: Hash,
  tables: Type.Array(TableSchema),
  sequences: Type.Array(Type.Object({ name: Type.String({ minLength: 1 }), value: Type.Integer() })),
  files: Type.Array(KeptFileSchema),
});
export type Contents = Static<typeof ContentsSchema>;
