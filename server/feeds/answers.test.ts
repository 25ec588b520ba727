import { describe, expect, it } from 'vitest';
import type { FeedState } from '#shared/model/absence.ts';
import { CANARY, CANARY_TEXT, feedOf, siteOf } from '../../test/fixtures/feeds/samples.ts';
import type { Adapter } from './adapters/adapter.ts';
import { createAnswers, worthKeeping } from './answers.ts';
import type { Answer, Head } from './http.ts';
import type { Polled, Target } from './turn.ts';

const HEAD: Head = { status: 200, headers: { 'content-type': 'application/json' }, dateMs: null, ageMs: 0 };
const VALIDATORS = { etag: null, lastModified: null, digest: null, body: null };

const targetOf = (id: string, format: 'json' | 'csv' = 'json') => {
  const feed = feedOf('telephony-queues', { id });
  const adapter = { format, redaction: { keeps: { odsCode: /P\d{5}/ }, links: [] } } as unknown as Adapter<unknown>;
  return { instance: { id, feed, sites: [siteOf('P81001')] }, adapter } as unknown as Target;
};
const polledOf = (answer: Answer | null, state: FeedState = 'ok') =>
  ({ outcome: { at: 1000, state, fault: '' }, answer }) as unknown as Polled;
const fresh = (payload: unknown): Answer => ({
  ...{ kind: 'fresh', head: HEAD, raw: Buffer.alloc(0), payload, bytes: 10, url: '', validators: VALIDATORS },
});
const fault = (body: string | null): Answer => ({
  ...{ kind: 'fault', head: HEAD, raw: body === null ? null : Buffer.from(body), bytes: 10, retryAfterMs: null },
  ...{ fault: { state: 'server-error', fault: '' }, scope: 'supplier' },
});

describe('kept answers', () => {
  it('hold a redacted copy, cut where it is long', () => {
    const answers = createAnswers();
    const rows = Array.from({ length: 4000 }, (_, i) => ({ odsCode: 'P81001', waiting: i, note: CANARY_TEXT }));
    answers.keep(targetOf('phones'), polledOf(fresh(rows)));
    const kept = answers.of('phones');
    expect(kept?.truncated).toBe(true);
    expect(kept?.body?.length).toBe(64 * 1024);
    expect(kept?.body).toContain('"odsCode": "P81001"');
    for (const word of Object.values(CANARY)) expect(kept?.body).not.toContain(word);
  });

  it.each<[string, Answer | null, 'json' | 'csv', string | null]>([
    ['nothing came', null, 'json', null],
    ['a fault without a body', fault(null), 'json', null],
    ['a web page', fault(`<p>${CANARY_TEXT}`), 'json', null],
    ['half of a document', fault(`{"a":"${CANARY_TEXT}`), 'json', null],
    ['text where JSON was due', fresh(CANARY_TEXT), 'json', null],
    ['an error in JSON', fault('{"count":3}'), 'json', '{\n  "count": 3\n}'],
  ])('of %s show what can be redacted by its structure, and nothing else', (_, answer, format, body) => {
    const answers = createAnswers();
    answers.keep(targetOf('phones', format), polledOf(answer));
    expect(answers.of('phones')?.body).toBe(body);
  });

  it('show headers as far as they hold what such headers hold, and nobody', () => {
    const answers = createAnswers();
    const headers = {
      'content-type': 'application/fhir+json; charset=utf-8',
      date: 'Mon, 14 Sep 2026 08:30:00 GMT',
      etag: `"${CANARY.nhsNumber}"`,
      age: '12',
      'last-modified': CANARY_TEXT,
      'x-patient': CANARY.name,
    };
    answers.keep(targetOf('phones'), polledOf({ ...fresh({}), head: { ...HEAD, headers } } as Answer));
    expect(answers.of('phones')?.headers).toEqual({
      'content-type': headers['content-type'],
      date: headers.date,
      age: '12',
      etag: '"##########"',
      'last-modified': `text of ${CANARY_TEXT.length} characters`,
    });
  });

  it('of a table show its numbers', () => {
    const answers = createAnswers();
    answers.keep(targetOf('shifts', 'csv'), polledOf(fresh(`waiting,note\n3,${CANARY_TEXT}`)));
    expect(answers.of('shifts')?.body).toMatch(/\n3,/);
    expect(answers.of('shifts')?.body).not.toContain(CANARY.name);
  });

  it('give way to newer ones when there is no more room, the oldest first', () => {
    const answers = createAnswers(1000);
    for (const id of ['a', 'b', 'a', 'c'])
      answers.keep(targetOf(id), polledOf(fresh({ list: Array.from({ length: 50 }, () => 1) })));
    expect(['a', 'b', 'c'].map((id) => answers.of(id) !== null)).toEqual([true, false, true]);
  });

  it.each<[FeedState, FeedState, Answer | null, boolean]>([
    ['ok', 'invalid', fresh({}), true],
    ['ok', 'server-error', fault('{}'), true],
    ['ok', 'timeout', null, false],
    ['ok', 'server-error', fault(null), false],
    ['invalid', 'invalid', fresh({}), false],
    ['ok', 'clock-off', fresh({}), false],
  ])('from %s to %s', (before, after, answer, kept) => {
    expect(worthKeeping(before, polledOf(answer, after))).toBe(kept);
  });
});
