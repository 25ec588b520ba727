import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './instants.ts';

const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** What the engine's own calendar says of it, once it has the form of RFC 3339. */
function reference(text: string): number | null {
  if (!FORM.test(text)) return null;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

const padded = (max: number, length = 2) => fc.nat({ max }).map((n) => String(n).padStart(length, '0'));
/** Times by their form, a good part of them with fields out of range. */
const times = fc
  .tuple(
    fc.oneof(padded(9999, 4), fc.constantFrom('0000', '0004', '1900', '1969', '1970', '2000', '2024', '2026', '2100')),
    fc.oneof(padded(13), fc.constantFrom('02', '12')),
    fc.oneof(padded(32), fc.constantFrom('28', '29', '30', '31')),
    fc.oneof(padded(25), padded(23)),
    fc.oneof(padded(61), padded(59)),
    fc.option(
      fc.tuple(
        fc.oneof(padded(62), padded(59)),
        fc.option(fc.array(fc.nat({ max: 9 }), { minLength: 0, maxLength: 10 }).map((digits) => digits.join(''))),
      ),
    ),
    fc.oneof(
      fc.constantFrom('Z', '+00:00', '-00:00', '+01:00', 'z', ''),
      fc.tuple(fc.constantFrom('+', '-'), padded(25), padded(61)).map(([sign, h, m]) => `${sign}${h}:${m}`),
    ),
  )
  .map(([y, mo, d, h, mi, s, offset]) => {
    const seconds = s === null ? '' : `:${s[0]}${s[1] === null ? '' : `.${s[1]}`}`;
    return `${y}-${mo}-${d}T${h}:${mi}${seconds}${offset}`;
  });
/** The same with one character put in, taken out or exchanged. */
const damaged = fc
  .tuple(
    times,
    fc.nat({ max: 40 }),
    fc.nat({ max: 1 }),
    fc.constantFrom('', '0', '9', '-', ':', '.', ' ', 'T', 't', 'Z', '+', '٣', '\n'),
  )
  .map(([text, at, taken, put]) => text.slice(0, at) + put + text.slice(at + taken));

describe('times of RFC 3339', () => {
  it('are what the calendar of the engine says, to the millisecond', () => {
    fc.assert(
      fc.property(times, (text) => {
        expect([text, instantOf(text)]).toEqual([text, reference(text)]);
      }),
      { seed: 3339, numRuns: 20_000 },
    );
  });

  it('are read around the ends of every month from year 0 to 9999, and on no day that there is not', () => {
    const wrong: string[] = [];
    for (let year = 0; year <= 9999; year += year % 100 === 4 ? 92 : 1)
      for (let month = 1; month <= 12; month++)
        for (const day of [1, 28, 29, 30, 31]) {
          const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${day < 10 ? '0' : ''}${day}T00:00:00Z`;
          if (instantOf(text) !== reference(text)) wrong.push(text);
        }
    expect(wrong).toEqual([]);
  });

  it('are none where anything in them is another character', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        expect([text, instantOf(text)]).toEqual([text, reference(text)]);
      }),
      { seed: 3340, numRuns: 20_000 },
    );
  });

  it.each([
    ['2026-09-14T08:29:50Z', Date.UTC(2026, 8, 14, 8, 29, 50)],
    ['2026-09-14T08:29Z', Date.UTC(2026, 8, 14, 8, 29)],
    ['2026-09-14T09:29:50.123999999+01:00', Date.UTC(2026, 8, 14, 8, 29, 50, 123)],
    ['2026-01-01T00:00:00.5-23:59', Date.UTC(2026, 0, 1, 23, 59, 0, 500)],
    ['1969-12-31T23:59:59.999999999Z', -1],
    ['2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59)],
    ['2024-02-29T12:00:00Z', Date.UTC(2024, 1, 29, 12)],
  ])('reads %s', (text, ms) => {
    expect(instantOf(text)).toBe(ms);
  });

  it.each([
    ['a day that the month has not', '2026-02-30T08:00:00Z'],
    ['a leap day of another year', '2100-02-29T08:00:00Z'],
    ['midnight as the 24th hour', '2026-09-14T24:00:00Z'],
    ['a local time', '2026-09-14T08:29:50'],
    ['an offset without its colon', '2026-09-14T08:29:50+0100'],
    ['an offset of a whole day', '2026-09-14T08:29:50+24:00'],
    ['ten digits of a second', '2026-09-14T08:29:50.1234567891Z'],
    ['a point with nothing behind it', '2026-09-14T08:29:50.Z'],
    ['small letters', '2026-09-14t08:29:50z'],
    ['a blank before it', ' 2026-09-14T08:29:50Z'],
    ['a line end behind it', '2026-09-14T08:29:50Z\n'],
    ['a zone behind it', '2026-09-14T08:29:50Z[Europe/London]'],
    ['a year of six digits', '+002026-09-14T08:29:50Z'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(instantOf(text)).toBeNull();
  });
});
