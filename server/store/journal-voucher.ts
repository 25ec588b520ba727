import type { Logger } from 'pino';
import type { Epoch } from './journal-epoch.ts';
import type { Writer } from './journal-writer.ts';

export interface Voucher {
  /** To be asked after every append. */
  check(): 'withdrawn' | 'vouched' | 'unchanged';
  /** A checkpoint holds everything up to the record when so many had been lost. */
  forgive(lost: number): void;
  /** What is wrong, in plain words; empty when nothing is. */
  note(): string;
}

/**
 * While a record could be lost, nobody may go on in this epoch after a restart, or a number would be given out twice: the
 * file that vouches for the epoch goes, and comes back once everything is on the disk again.
 */
export function createVoucher(epoch: Epoch, writer: Writer, logger: Logger): Voucher {
  let forgiven = 0;
  return {
    check() {
      const unsure = writer.trouble() !== null || writer.waiting > 0 || writer.lost > forgiven;
      if (unsure !== epoch.vouched) return 'unchanged';
      if (unsure) {
        epoch.withdraw();
        logger.error({ type: 'journal.trouble', reason: writer.trouble() }, 'Journal: the disk takes nothing more.');
        return 'withdrawn';
      }
      epoch.vouch();
      if (epoch.vouched) logger.info({ type: 'journal.recovered' }, 'Journal: the disk takes records again.');
      return 'vouched';
    },
    forgive(lost) {
      forgiven = Math.max(forgiven, lost);
    },
    note() {
      const trouble = writer.trouble();
      const full =
        trouble === null
          ? ''
          : `The journal's disk takes nothing more (${trouble}); ${writer.waiting} changes wait in memory`;
      const lost = writer.lost > forgiven ? `${writer.lost - forgiven} changes could not be kept` : '';
      return [full, lost].filter((n) => n !== '').join('. ');
    },
  };
}
