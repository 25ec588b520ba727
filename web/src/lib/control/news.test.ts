import { describe, expect, it } from 'vitest';
import type { ChangeItem } from './changes.ts';
import { byMinute, newestLines, declaredNews, feedNews, joinNews, levelNews, type NewsItem } from './news.ts';
import { unitOf } from './unit-fixture.ts';

const AT = Date.parse('2026-11-23T09:41:00Z');
const change = (unit: string, given: Partial<ChangeItem> = {}): ChangeItem => ({
  key: `${unit}@${given.atMs ?? AT}`,
  atMs: AT,
  unit,
  name: unit,
  kind: 'site',
  from: 2,
  to: 3,
  text: '',
  ...given,
});
const news = (...changes: ChangeItem[]): NewsItem[] => joinNews(levelNews(changes));

describe('what counts as news', () => {
  it('is not the start or the end of a day, but the loss of a level is', () => {
    const opened = change('a', { from: null, to: 1 });
    const closed = change('b', { from: 2, to: null, text: 'closed' });
    const lost = change('c', { from: 2, to: null, text: 'too little is known' });
    expect(news(opened, closed, lost).map(({ name }) => name)).toEqual(['c']);
  });
  it('tells a declared level with who said it and what is computed beside it', () => {
    const declared = {
      level: 4,
      reason: 'clinical staff missing',
      by: 'reception lead',
      at: '2026-11-23T09:30:00Z',
      until: '2026-11-23T12:30:00Z',
    } as const;
    const [item] = declaredNews([unitOf('p', { kind: 'site', level: 3, declared }), unitOf('q')]);
    expect(item).toMatchObject({ sort: 'declared', from: 3, to: 4, text: 'clinical staff missing, reception lead' });
  });
  it('tells of feeds what began or was mended today, and nothing of the day before', () => {
    const cause = (since: string | null) =>
      ({ key: 'k', title: 'No answer', where: 'Telephony: 7 in Oldham, since 9:29am', since }) as never;
    const mended = [{ title: 'No answer', where: 'Slots', at: '2026-11-23T09:00:00Z', lastedMs: 720_000 }];
    const causes = [cause('2026-11-23T09:29:00Z'), cause('2026-11-22T09:29:00Z'), cause(null)];
    const found = feedNews({ causes, mended }, Date.parse('2026-11-23T00:00:00Z'));
    expect(found.map(({ name, text }) => [name, text])).toEqual([
      ['No answer', 'Telephony: 7 in Oldham'],
      ['Mended: No answer', 'Slots; lasted 12 min'],
    ]);
  });
});

describe('the list minute by minute', () => {
  it('puts larger units first and counts single practices', () => {
    const [minute] = byMinute(
      news(
        change('p1'),
        change('p2', { from: 3, to: 2 }),
        change('n', { kind: 'neighbourhood' }),
        change('sys', { kind: 'system' }),
        change('p3', { to: 4, from: 3 }),
        change('p4', { from: 2, to: null }),
      ),
    );
    expect(minute?.lines.map(({ name }) => name)).toEqual(['sys', 'n', 'p3']);
    expect(minute?.fold?.words).toBe('3 practices: 1 rose, 1 fell, 1 unknown');
    expect(minute?.fold?.items).toHaveLength(3);
  });
  it('names a practice that changes alone', () => {
    const minutes = byMinute(news(change('p1'), change('p2', { atMs: AT - 60_000 })));
    expect(minutes.map(({ lines, fold }) => [lines.length, fold])).toEqual([
      [1, null],
      [1, null],
    ]);
  });
  it('says in one word where all went the same way', () => {
    const [minute] = byMinute(news(change('p1'), change('p2')));
    expect(minute?.fold?.words).toBe('2 practices rose');
  });
  it('is cut to a few lines for a phone, a count being one of them', () => {
    const minutes = byMinute(
      news(
        change('n', { kind: 'neighbourhood' }),
        change('p1'),
        change('p2'),
        change('q', { kind: 'place', atMs: AT - 60_000 }),
        change('r', { kind: 'place', atMs: AT - 120_000 }),
      ),
    );
    const cut = newestLines(minutes, 3);
    expect(cut.map(({ lines, fold }) => [lines.map(({ name }) => name), fold?.words ?? null])).toEqual([
      [['n'], '2 practices rose'],
      [['q'], null],
    ]);
    expect(newestLines(minutes, 1).map(({ lines, fold }) => [lines.length, fold])).toEqual([[1, null]]);
  });
});
