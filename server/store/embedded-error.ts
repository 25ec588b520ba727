/** The embedded database cannot be made or started; the message says why and what to do, in plain words. */
export class EmbeddedDatabaseError extends Error {
  readonly code = 'EMBEDDED_DATABASE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedDatabaseError';
  }
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|disk full/i, 'The disk is full. Make room, or put the data elsewhere with HEADROOM_HOME.'],
  [
    /could not look up effective user ID|user does not exist/i,
    'The user id it runs as has no name on this machine (no line in /etc/passwd), which PostgreSQL refuses. Run as a named user, or set DATABASE_URL to a PostgreSQL of your own.',
  ],
  [/cannot be run as root|"root" execution/i, 'PostgreSQL refuses to run as root, and no other user could be found.'],
  [/could not create shared memory|shmget|\/dev\/shm/i, 'The machine gives it no shared memory (/dev/shm).'],
  [
    /database files are incompatible|was initialized by PostgreSQL version/i,
    'Its files were made by another PostgreSQL version. Start with the version before, or move the folder away.',
  ],
  [/could not bind|Address already in use/i, 'Its port was taken by another program in the meantime.'],
  [/Permission denied/i, 'It may not read or write its own files there.'],
];

/** What PostgreSQL's own output comes to, in plain words; its last line where it is nothing known. */
export function explain(output: string): string {
  const known = CAUSES.find(([pattern]) => pattern.test(output))?.[1];
  return known ?? (output.trim().split('\n').at(-1)?.trim() || 'It said nothing.');
}
