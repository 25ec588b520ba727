export type BackupCode =
  | 'BACKUP_UNREADABLE'
  | 'BACKUP_NO_BACKUP'
  | 'BACKUP_CUT'
  | 'BACKUP_CORRUPT'
  | 'BACKUP_NEWER'
  | 'BACKUP_OTHER_SYSTEM'
  | 'BACKUP_EXISTS'
  | 'BACKUP_NOTHING'
  | 'BACKUP_DISK_FULL'
  | 'RESTORE_NOT_EMPTY'
  | 'RESTORE_IN_USE'
  | 'RESTORE_OTHER_SYSTEM'
  | 'RESTORE_DIFFERS';

/** Why a backup cannot be made or restored, in words for the operator. */
export class BackupFault extends Error {
  readonly code: BackupCode;
  constructor(code: BackupCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupFault';
    this.code = code;
  }
}

/** A failing disk in words; anything else as it is. */
export function explainDisk(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new BackupFault('BACKUP_DISK_FULL', `The disk is full: ${what} could not be written.`, { cause: error });
  }
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'it may not be opened',
    EPERM: 'it may not be opened',
    EISDIR: 'it is a folder',
    EROFS: 'its disk can only be read',
    EIO: 'its disk is failing',
  };
  const reason = reasons[String(error.code)];
  if (reason === undefined) return error;
  return new BackupFault('BACKUP_UNREADABLE', `${what} cannot be used: ${reason}.`, { cause: error });
}
