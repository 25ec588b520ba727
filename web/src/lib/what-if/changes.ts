import { MINUTE } from '$shared/model/time';
import type { Change } from '$shared/protocol/what-if';
import { sayCount } from '../format/numbers.ts';
import { instantMs, instantOf, sayTime } from '../format/time.ts';

const CHANNELS = ['in-person', 'telephone', 'video'] as const;
/** No more are taken by the server. */
export const MOST_CHANGES = 20;

/** Changes as an address holds them: parts parted by commas, which no part holds as written; times in whole minutes. */
export const written = (changes: readonly Change[]): string =>
  changes
    .map((change) => {
      const time = (instant: string) => ((instantMs(instant) ?? 0) / MINUTE).toString(36);
      switch (change.what) {
        case 'close':
          return ['close', change.hub, time(change.from), time(change.to)];
        case 'clinician':
          return ['clinician', change.hub, time(change.from), time(change.to), change.minutes, change.channel];
        case 'move':
          return ['move', change.hub, time(change.from), time(change.to), change.slots];
        case 'send':
          return ['send', change.hub, change.practice, change.slots];
        case 'without':
          return ['without', change.practice];
      }
    })
    .map((parts) => parts.map((part) => encodeURIComponent(part)).join(','))
    .join(';');

/** What an address says; what cannot be read in it is left out. */
export function read(text: string): Change[] {
  return text
    .split(';')
    .flatMap((part): Change[] => {
      try {
        return readOne(part.split(',').map((each) => decodeURIComponent(each)));
      } catch {
        return [];
      }
    })
    .slice(0, MOST_CHANGES);
}

function readOne([what, id = '', a = '', b = '', c = '', d = '']: string[]): Change[] {
  const time = (part: string): string | null => {
    const minutes = parseInt(part, 36);
    return Number.isSafeInteger(minutes) && minutes > 0 && minutes * MINUTE < 8e15 ? instantOf(minutes * MINUTE) : null;
  };
  const count = (part: string, most: number): number | null => {
    const value = Number(part);
    return Number.isInteger(value) && value > 0 && value <= most ? value : null;
  };
  if (id === '') return [];
  if (what === 'without') return [{ what, practice: id }];
  if (what === 'send') {
    const slots = count(b, 200);
    return slots === null || a === '' ? [] : [{ what, hub: id, practice: a, slots }];
  }
  const [from, to] = [time(a), time(b)];
  if (from === null || to === null) return [];
  if (what === 'close') return [{ what, hub: id, from, to }];
  if (what === 'move') {
    const slots = count(c, 200);
    return slots === null ? [] : [{ what, hub: id, from, to, slots }];
  }
  const minutes = count(c, 60);
  const channel = CHANNELS.find((each) => each === d);
  if (what !== 'clinician' || minutes === null || channel === undefined) return [];
  return [{ what, hub: id, from, to, minutes, channel }];
}

/** In a few words; `nameOf` a hub or practice. */
export function sayChange(change: Change, nameOf: (id: string) => string): string {
  const time = (instant: string) => sayTime(instantMs(instant) ?? 0);
  switch (change.what) {
    case 'close':
      return `${nameOf(change.hub)} closed ${time(change.from)} to ${time(change.to)}`;
    case 'clinician':
      return `One more at ${nameOf(change.hub)}, ${time(change.from)} to ${time(change.to)}, ${change.minutes} min, ${change.channel.replace('-', ' ')}`;
    case 'move':
      return `${sayCount(change.slots, 'slot')} at ${nameOf(change.hub)} from ${time(change.from)} to ${time(change.to)}`;
    case 'send':
      return `${change.slots} of ${nameOf(change.practice)} to ${nameOf(change.hub)}`;
    case 'without':
      return `Without ${nameOf(change.practice)}`;
  }
}
