import { createServer } from 'node:net';
import { UsageError } from './options.ts';

const TRIES = 50;

function canListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}

/**
 * The port to serve on. One that was asked for and is taken is an error; otherwise the next free one is used, and
 * `say` tells.
 */
export async function choosePort(
  host: string,
  port: number,
  given: boolean,
  say: (line: string) => void,
): Promise<number> {
  for (let next = port; next < port + TRIES; next += 1) {
    const fault = await canListen(host, next);
    if (fault === null) {
      if (next !== port) say(`Port ${port} is taken by another program: using ${next} instead.`);
      return next;
    }
    if (fault === 'EADDRNOTAVAIL') throw new UsageError(`HOST=${host}: this machine has no such address.`);
    if (given) {
      throw new UsageError(
        fault === 'EADDRINUSE'
          ? `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`
          : `Port ${port} cannot be used (${fault}). Choose another one: PORT=8080 npm start`,
      );
    }
  }
  throw new UsageError(`No port from ${port} to ${port + TRIES - 1} is free. Choose one: PORT=<number> npm start`);
}
