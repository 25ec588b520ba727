import { HOUR, type EpochMs } from '#shared/model/time.ts';

/** What one feed instance may keep in an hour: beyond it only counts, so that one feed cannot crowd out another. */
const RECORDS = 200;
const BYTES = 512 * 1024;

interface Share {
  hour: number;
  records: number;
  bytes: number;
  skipped: number;
}

/** Room by feed and hour of the product's clock. */
export interface Shares {
  hasRoom(feed: string, at: EpochMs): boolean;
  /** Whether there is room for this answer too; if so it is taken. */
  take(feed: string, at: EpochMs, records: number, bytes: number): boolean;
  skip(feed: string, at: EpochMs, records: number): void;
  /** Records of this hour that were only counted. */
  countedOnly(now: EpochMs): number;
}

export function createShares(): Shares {
  const shares = new Map<string, Share>();
  const hourOf = (at: EpochMs): number => Math.floor(at / HOUR);
  const shareOf = (feed: string, at: EpochMs): Share => {
    const known = shares.get(feed);
    if (known?.hour === hourOf(at)) return known;
    const fresh = { hour: hourOf(at), records: 0, bytes: 0, skipped: 0 };
    shares.set(feed, fresh);
    return fresh;
  };
  return {
    hasRoom(feed, at) {
      const { records, bytes } = shareOf(feed, at);
      return records < RECORDS && bytes < BYTES;
    },
    take(feed, at, records, bytes) {
      const share = shareOf(feed, at);
      if (share.records >= RECORDS || share.bytes + bytes > BYTES) return false;
      share.records += records;
      share.bytes += bytes;
      return true;
    },
    skip(feed, at, records) {
      shareOf(feed, at).skipped += records;
    },
    countedOnly(now) {
      let sum = 0;
      for (const { hour, skipped } of shares.values()) if (hour === hourOf(now)) sum += skipped;
      return sum;
    },
  };
}
