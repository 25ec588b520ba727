import { describe, expect, it } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import { createCoreHours, spanOn } from './core-hours.ts';

const WEEKDAYS = [{ days: [1, 2, 3, 4, 5], from: 480, to: 1110 }];
const core = createCoreHours(WEEKDAYS);
const used = (sent: string, at: string) => {
  const share = core.timeUsed(fromInstant(sent), fromInstant(at));
  return share === null ? null : Math.round(share * 1000) / 1000;
};

describe('the time a request may take', () => {
  // A working day has 10.5 core hours. Times are UTC; January is winter time.
  it.each([
    ['sent before opening: the day itself', '2026-01-12T07:00:00Z', '2026-01-12T13:15:00Z', 0.5],
    ['sent at opening: the day itself', '2026-01-12T08:00:00Z', '2026-01-12T18:30:00Z', 1],
    ['sent in the morning: to the end of the next day', '2026-01-12T10:00:00Z', '2026-01-12T18:30:00Z', 8.5 / 19],
    ['nothing is used at night', '2026-01-12T10:00:00Z', '2026-01-13T08:00:00Z', 8.5 / 19],
    ['due at the end of the next day', '2026-01-12T10:00:00Z', '2026-01-13T18:30:00Z', 1],
    ['sent after closing: the next day', '2026-01-12T20:00:00Z', '2026-01-13T13:15:00Z', 0.5],
    ['weekends are closed', '2026-01-09T10:00:00Z', '2026-01-12T08:00:00Z', 8.5 / 19],
    ['sent on a Saturday: Monday', '2026-01-10T10:00:00Z', '2026-01-12T18:30:00Z', 1],
    ['Easter is closed for four days', '2026-04-02T09:00:00Z', '2026-04-07T07:00:00Z', 8.5 / 19],
    ['sent on a bank holiday: the day after', '2026-04-06T09:00:00Z', '2026-04-07T12:15:00Z', 0.5],
    ['goes on past 1 when it is late', '2026-01-12T07:00:00Z', '2026-01-13T18:30:00Z', 2],
    ['a weekend in which the clocks go forward', '2026-03-27T10:00:00Z', '2026-03-30T07:00:00Z', 8.5 / 19],
    ['a weekend in which the clocks go back', '2026-10-23T09:00:00Z', '2026-10-26T08:00:00Z', 8.5 / 19],
    ['just sent', '2026-01-12T10:00:00Z', '2026-01-12T10:00:00Z', 0],
    ['said to be sent after now', '2026-01-12T12:00:00Z', '2026-01-12T10:00:00Z', 0],
  ])('%s', (_, sent, at, expected) => {
    expect(used(sent, at)).toBe(Math.round(expected * 1000) / 1000);
  });

  it('is many times over for a request as old as nobody keeps one, at a bounded cost', () => {
    expect(core.timeUsed(0, fromInstant('2026-01-12T10:00:00Z'))).toBeGreaterThan(20);
  });

  it('cannot be told where nothing ever opens', () => {
    const never = createCoreHours([]);
    expect(never.timeUsed(fromInstant('2026-01-12T10:00:00Z'), fromInstant('2026-01-12T12:00:00Z'))).toBeNull();
  });

  it('never falls as time passes', () => {
    let before = 0;
    const sent = fromInstant('2026-04-02T15:00:00Z');
    for (let at = sent; at < sent + 8 * 86_400_000; at += 3_600_000) {
      const now = core.timeUsed(sent, at) ?? NaN;
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
    expect(before).toBeGreaterThan(1);
  });
});

describe("a day's opening", () => {
  const split = [
    { days: [1], from: 480, to: 720 },
    { days: [1], from: 840, to: 1110 },
    { days: [5], from: 1110, to: 1920 },
    { days: [7], from: 600, to: 960 },
  ];
  it.each([
    ['from the first opening to the last closing', '2026-01-12T12:00:00Z', false, ['08:00', '18:30']],
    ['ends at midnight where it goes on into the next day', '2026-01-16T12:00:00Z', false, ['18:30', '00:00']],
    ['none on a day without hours', '2026-01-13T12:00:00Z', false, null],
    ['none on a bank holiday', '2026-05-04T11:00:00Z', false, null],
    ['Sunday hours on a bank holiday, where it opens on them', '2026-05-04T11:00:00Z', true, ['10:00', '16:00']],
    ['wall-clock hours on the day the clocks go forward', '2026-03-29T12:00:00Z', false, ['10:00', '16:00']],
  ])('%s', (_, midday, holidays, expected) => {
    const span = spanOn(split, fromInstant(midday), holidays);
    const local = (at: number) =>
      Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO('Europe/London')
        .toPlainTime()
        .toString()
        .slice(0, 5);
    expect(span && [local(span.from), local(span.to)]).toEqual(expected);
  });
});
