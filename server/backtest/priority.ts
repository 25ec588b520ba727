import { setPriority } from 'node:os';

/** As the system counts: 0 is ordinary, 19 the last in the queue. */
const LATER = 10;

/**
 * Lets the board and the database go first where all cores are busy. Linux alone gives each thread a priority of its own;
 * elsewhere it would be the whole server's.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(LATER);
}
