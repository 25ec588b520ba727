/** What we use of the package, which brings no types: one COPY as a stream, handed to `client.query`. */
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  interface Copied {
    /** Rows, once the stream has ended. */
    readonly rowCount: number;
  }
  const copies: {
    to(statement: string): Readable & Submittable & Copied;
    from(statement: string): Writable & Submittable & Copied;
  };
  export default copies;
}
