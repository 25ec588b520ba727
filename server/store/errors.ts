import { codeOf } from '../domain/error-code.ts';

/** The database cannot answer now. Readers say so; nothing is lost, the journal holds what is new. */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** The migrations on disk and those in the database do not belong together. Waiting does not help: somebody must look. */
export class MigrationRefused extends Error {
  readonly code = 'MIGRATION_REFUSED';
  constructor(message: string) {
    super(message);
    this.name = 'MigrationRefused';
  }
}

/** Another process uses the folder. */
export class FolderLocked extends Error {
  readonly code = 'FOLDER_LOCKED';
  readonly pid: number;
  constructor(message: string, pid: number) {
    super(message);
    this.name = 'FolderLocked';
    this.pid = pid;
  }
}

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Statement time-out: as good as away for the one who asked.
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  // Out of disk, memory or connections, and read-only after a failover: all pass without us.
  '53000',
  '53100',
  '53200',
  '53300',
  '25006',
]);

/** Whether an error means that the database is away or overloaded rather than that we asked something wrong. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isConnectionLoss)) return true;
  const code = codeOf(error);
  if (LOST.has(code) || code.startsWith('08')) return true;
  // `pg` gives these without a code.
  return /Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered a connection error)|Query read timeout/.test(
    error.message,
  );
}

/** An error's words, with its code where it has one. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describe).join('; ');
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error) && `${codeOf(error)}: `;
  return `${error.message.includes(code.slice(0, -2)) ? '' : code}${error.message}`;
}
