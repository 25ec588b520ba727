import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Issued } from './certificates.ts';

/** A supplier behind real TLS on a free port of loopback; answers `{}`. */
export interface TlsSupplier {
  readonly url: string;
  /** Common name of each request's client certificate, null where it brought none. */
  readonly clients: (string | null)[];
  connections(): number;
  /** Which certificate it shows from now on. */
  show(certificate: Issued): void;
  close(): Promise<void>;
}

export interface TlsSupplierOptions {
  readonly shows: Issued;
  /** PEM: client certificates of this authority are asked for and must be brought. */
  readonly wantsClientsOf?: string;
}

export async function startTlsSupplier({ shows, wantsClientsOf }: TlsSupplierOptions): Promise<TlsSupplier> {
  const clients: (string | null)[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer(
    {
      cert: shows.certificate,
      key: shows.key,
      ...(wantsClientsOf === undefined ? {} : { ca: wantsClientsOf, requestCert: true, rejectUnauthorized: true }),
    },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      clients.push(subject ? String(subject.CN) : null);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    },
  );
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
    clients,
    connections: () => sockets.size,
    show: ({ certificate, key }) => server.setSecureContext({ cert: certificate, key }),
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
