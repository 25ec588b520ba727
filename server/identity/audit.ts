import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../domain/ports.ts';
import { toInstant } from '#shared/model/time.ts';

/** What a person asked to be done: written before it is done, and again with how it ended. */
export interface AuditEntry {
  readonly at: string;
  readonly request: string;
  readonly actor: string;
  readonly command: string;
  readonly step: 'asked' | 'done';
  readonly status?: number;
  /** What was asked for, word for word; with the step `asked`. */
  readonly detail?: unknown;
}

export interface Audit {
  /** On disk when it returns; throws when it cannot be, so that the command does not happen unrecorded. */
  record(entry: AuditEntry): void;
  close(): void;
}

/** Append-only file, one JSON document a line. */
export function createFileAudit(path: string): Audit {
  const file = openSync(path, 'a', 0o600);
  return {
    record(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A question that is too long for an address: it does nothing, whatever its method. */
    question?: true;
    /** What a wall says of itself or asks for itself: nobody decided anything. */
    report?: true;
  }
}

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a request decides nothing. */
export const isRead = ({ method, routeOptions: { config } }: FastifyRequest): boolean =>
  READS.includes(method) || config.question === true || config.report === true;

/** Every request that is not a read is a command: it is in the audit before its handler runs. */
export function addAudit(app: FastifyInstance, audit: Audit, clock: Clock): void {
  // What is refused before its handler (by Origin, by its form) was never asked for, and nobody need be known for it.
  const asked = new WeakSet<FastifyRequest>();
  app.addHook('preHandler', async (request) => {
    if (isRead(request) || request.is404) return;
    const command = `${request.method} ${request.url}`;
    const at = toInstant(clock.now());
    const entry = { at, request: String(request.id), actor: request.actor.id, command, step: 'asked' } as const;
    audit.record(request.body === undefined ? entry : { ...entry, detail: request.body });
    asked.add(request);
  });
  app.addHook('onSend', async (request, reply) => {
    if (!asked.has(request)) return;
    const command = `${request.method} ${request.url}`;
    const at = toInstant(clock.now());
    const entry = { at, request: String(request.id), actor: request.actor.id, command, step: 'done' } as const;
    audit.record({ ...entry, status: reply.statusCode });
  });
}
