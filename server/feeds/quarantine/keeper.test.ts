import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FeedDef } from '#shared/model/definition.ts';
import { HOUR, QUARTER } from '#shared/model/time.ts';
import { telephonyFeed } from '../../../test/support/definition.ts';
import { createQuarantine } from './keeper.ts';
import type { Refused } from '../quarantine.ts';

const MIDNIGHT = Date.UTC(2026, 10, 23);
const NINE = MIDNIGHT + 9 * HOUR;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const RULES = {
  keeps: { odsCode: /^[A-Z]\d{5}$/, resourceType: /^[A-Za-z]+$/ },
  links: ['id', 'reference'],
  fields: new Set(['waiting', 'agent']),
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'quarantine-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(path = folder(), byteBudget = 1_000_000) {
  const clock = { at: NINE, now: () => clock.at };
  const quarantine = createQuarantine({ folder: path, clock, byteBudget, logger: quiet });
  onTestFinished(() => quarantine.close());
  return { quarantine, clock, path };
}

const content = (path: string) =>
  readdirSync(path)
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('');

const sizeOf = (path: string) => readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

function refused(given: Partial<Refused> & { readonly id?: string; readonly feed?: Partial<FeedDef> } = {}): Refused {
  const feed = { ...telephonyFeed([]), ...given.feed };
  const rejections = given.rejections ?? [{ place: '/queues/1/waiting', reason: 'must be a whole number, 0 or more' }];
  return {
    at: NINE,
    askedAt: NINE - 1000,
    payload: {
      generatedAt: '09:00',
      queues: [
        { odsCode: 'P84001', waiting: 3 },
        { odsCode: 'P84002', waiting: '1h20', agent: 'Ottoline Brackenbury' },
      ],
    },
    redaction: RULES,
    count: rejections.length,
    ...given,
    rejections,
    instance: { id: given.id ?? feed.id, feed, sites: [] },
  };
}

describe('what was refused', () => {
  it('is grouped by field and reason, with a copy of the record and an example', () => {
    const { quarantine } = open();
    quarantine.take(refused());
    const [group] = quarantine.groups();
    expect(group).toMatchObject({
      supplier: 'test-telecom',
      field: '/queues/*/waiting',
      reason: 'must be a whole number, 0 or more',
      example: '"#x##"',
      count: 1,
      kept: 1,
      feeds: ['telephony-test'],
      firstAt: NINE,
    });
    const [record] = quarantine.records({ limit: 10 });
    expect(record).toMatchObject({ feed: 'telephony-test', place: '/queues/1/waiting', state: 'kept' });
    expect(JSON.parse(record?.record ?? '')).toEqual({
      odsCode: 'P84002',
      waiting: '#x##',
      agent: 'text of 20 characters',
    });
  });

  it('is counted by the quarter hour since midnight', () => {
    const { quarantine, clock } = open();
    for (const at of [MIDNIGHT, NINE - QUARTER, NINE]) quarantine.take(refused({ at }));
    clock.at = NINE + QUARTER;
    const history = quarantine.groups()[0]?.history ?? [];
    expect(history.length).toBe(38);
    expect([history[0], history[35], history[36], history[37]]).toEqual([1, 1, 1, 0]);
    expect(quarantine.today()).toBe(3);
  });

  it('begins anew with the London day, while what is kept can still be read again', () => {
    const { quarantine, clock } = open();
    quarantine.take(refused());
    const key = quarantine.groups()[0]?.key ?? '';
    clock.at = MIDNIGHT + 24 * HOUR;
    expect([quarantine.groups(), quarantine.today()]).toEqual([[], 0]);
    expect(quarantine.stored(key)).toHaveLength(1);
  });

  it('counts what an answer listed only in part', () => {
    const { quarantine } = open();
    quarantine.take(refused({ count: 120 }));
    expect(quarantine.groups()).toMatchObject([{ count: 120, kept: 1 }]);
    const two = [
      { place: '/a', reason: 'x' },
      { place: '/b', reason: 'y' },
    ];
    quarantine.take(refused({ rejections: two, count: 10 }));
    expect(quarantine.today()).toBe(130);
    expect(quarantine.groups().map(({ count }) => count)).toEqual([120, 8, 1, 1]);
  });

  it('is found by feed, by instance of a feed and by group', () => {
    const { quarantine } = open();
    quarantine.take(refused({ id: 'slots:P1', feed: { id: 'slots' } }));
    quarantine.take(refused({ id: 'slots:P2', feed: { id: 'slots' }, rejections: [{ place: '', reason: 'no list' }] }));
    expect(quarantine.records({ feed: 'slots', limit: 9 }).map(({ feed }) => feed)).toEqual(['slots:P2', 'slots:P1']);
    expect(quarantine.records({ feed: 'slots:P1', limit: 9 })).toHaveLength(1);
    const whole = quarantine.groups().find(({ field }) => field === '')?.key ?? '';
    expect(quarantine.records({ group: whole, limit: 9 })).toMatchObject([{ feed: 'slots:P2', reason: 'no list' }]);
    expect(quarantine.records({ limit: 1 })).toHaveLength(1);
  });
});

describe('what is kept to be read again', () => {
  it('is the refused record in its envelope', () => {
    const { quarantine } = open();
    quarantine.take(refused());
    const [stored] = quarantine.stored(quarantine.groups()[0]?.key ?? '') ?? [];
    expect(stored).toMatchObject({ feed: 'telephony-test', at: NINE, askedAt: NINE - 1000, records: 1 });
    expect(stored?.document).toEqual({
      generatedAt: '##:##',
      queues: [{ odsCode: 'P84002', waiting: '#x##', agent: 'text of 20 characters' }],
    });
  });

  it('keeps of a bundle the refused slot and all that slots refer to', () => {
    const { quarantine } = open();
    const entry = ['Slot', 'Slot', 'Schedule'].map((resourceType, i) => ({ resource: { resourceType, id: `r${i}` } }));
    quarantine.take(
      refused({
        payload: { entry, link: [{ url: 'x' }] },
        rejections: [{ place: '/entry/1/resource/start', reason: 'x' }],
      }),
    );
    const [stored] = quarantine.stored(quarantine.groups()[0]?.key ?? '') ?? [];
    expect(stored?.document).toEqual({
      entry: [{ resource: { resourceType: 'Slot', id: '#1' } }, { resource: { resourceType: 'Schedule', id: '#2' } }],
      link: [],
    });
  });

  it('is the whole document where that is what was refused, or where a place leads nowhere in it', () => {
    const { quarantine } = open();
    for (const place of ['', '/observations/0/value']) {
      quarantine.take(refused({ payload: { a: [1, 2] }, rejections: [{ place, reason: place }] }));
    }
    for (const { key } of quarantine.groups())
      expect(quarantine.stored(key)).toMatchObject([{ document: { a: [1, 2] } }]);
  });

  it('is no document that is too large, whose records can still be seen', () => {
    const { quarantine } = open();
    const queues = Array.from({ length: 4000 }, (_, i) => ({ odsCode: 'P84001', waiting: i, a: 'b', c: 'd' }));
    quarantine.take(refused({ payload: { queues }, rejections: [{ place: '', reason: 'x' }] }));
    expect(quarantine.groups()).toMatchObject([{ count: 1, kept: 0 }]);
    expect(quarantine.records({ limit: 1 })).toHaveLength(1);
  });

  it('is a table with its first line and the refused rows', () => {
    const { quarantine } = open();
    const payload = 'odsCode,waiting,agent\nP84001,3,x\nP84002,-1,Brackenbury\n';
    quarantine.take(
      refused({ feed: { adapter: 'mapped-csv' }, payload, rejections: [{ place: '/rows/1', reason: 'x' }] }),
    );
    const [stored] = quarantine.stored(quarantine.groups()[0]?.key ?? '') ?? [];
    expect(stored?.document).toBe('odsCode,waiting,agent\nP84002,-1,xxxxxxxxxxx');
  });

  it('leaves the count of the kept once it is read again, and is offered again while it was refused', () => {
    const { quarantine } = open();
    quarantine.take(refused());
    const key = quarantine.groups()[0]?.key ?? '';
    const [stored] = quarantine.stored(key) ?? [];
    quarantine.settle(stored?.id ?? '', 'refused-again');
    expect([quarantine.groups()[0]?.kept, quarantine.stored(key)?.length]).toEqual([1, 1]);
    quarantine.settle(stored?.id ?? '', 'read-again');
    expect([quarantine.groups()[0]?.kept, quarantine.stored(key)?.length]).toEqual([0, 0]);
    expect(quarantine.records({ limit: 1 })).toMatchObject([{ state: 'read-again' }]);
  });

  it('is nothing of a group that nobody knows', () => {
    expect(open().quarantine.stored('nothing')).toBeNull();
  });
});

describe('the disk', () => {
  it('gives everything back after a crash, a torn last line apart, and writes on behind it', () => {
    const { quarantine, path } = open();
    quarantine.take(refused());
    quarantine.take(refused({ rejections: [{ place: '/x', reason: 'other' }] }));
    quarantine.settle(quarantine.stored(quarantine.groups()[0]?.key ?? '')?.[0]?.id ?? '', 'read-again');
    quarantine.take(refused({ rejections: [{ place: '/y', reason: 'cut off' }] }));
    const [file = ''] = readdirSync(path);
    truncateSync(join(path, file), statSync(join(path, file)).size - 20);

    const again = open(path).quarantine;
    expect(again.today()).toBe(2);
    expect(again.note()).toContain('1 line was cut off');
    expect(
      again
        .records({ limit: 9 })
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['kept', 'read-again']);
    again.take(refused());
    again.close();
    const third = open(path).quarantine;
    expect(third.today()).toBe(3);
    expect(third.records({ limit: 9 })).toHaveLength(3);
  });

  it('skips lines that are none of its own', () => {
    const { path, quarantine } = open();
    quarantine.take(refused());
    quarantine.close();
    const [file = ''] = readdirSync(path);
    appendFileSync(join(path, file), '{"t":"answer","id":3}\nnull\n');
    expect(open(path).quarantine.today()).toBe(1);
  });

  it('lets one feed keep so much an hour and counts the rest of it, while others keep theirs', () => {
    const { quarantine, clock } = open();
    for (let i = 0; i < 250; i++) quarantine.take(refused());
    quarantine.take(refused({ id: 'other', feed: { id: 'other', supplier: 'other' } }));
    expect(quarantine.today()).toBe(251);
    expect(quarantine.groups().map(({ count, kept }) => [count, kept])).toEqual([
      [250, 200],
      [1, 1],
    ]);
    expect(quarantine.note()).toContain('50 records of busy feeds');
    clock.at += HOUR;
    quarantine.take(refused({ at: clock.at }));
    expect(quarantine.groups()[0]?.kept).toBe(201);
  });

  it('stays within its budget, the oldest copies first, and says so; counts stay', () => {
    const { quarantine, path } = open(folder(), 60_000);
    for (let i = 0; i < 300; i++) {
      quarantine.take(refused({ id: `slots:P${i % 10}`, feed: { id: 'slots' }, at: NINE + i }));
    }
    expect(sizeOf(path)).toBeLessThanOrEqual(60_000);
    expect(quarantine.today()).toBe(300);
    const kept = quarantine.records({ limit: 500 });
    expect(kept[0]?.feed).toBe('slots:P9');
    expect(kept.length).toBeLessThan(150);
    expect(quarantine.note()).toContain('Copies from before 9am were dropped for want of room.');
    const again = open(path, 60_000).quarantine;
    expect(again.today()).toBe(300);
    expect(again.records({ limit: 500 }).map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
  });

  it('goes through no more than a part of it at once, whatever the flood', () => {
    const { quarantine, path, clock } = open(folder(), 200_000);
    let rewritten = 0;
    let before = new Set(readdirSync(path));
    for (let i = 0; i < 4000; i++) {
      // Every instance of a large feed refuses something in every quarter hour.
      const feed = { id: `slots:P${i % 500}`, feed: { id: 'slots' } };
      clock.at = NINE + Math.floor(i / 500) * QUARTER;
      quarantine.take(refused({ ...feed, at: clock.at }));
      const now = new Set(readdirSync(path));
      rewritten += before.difference(now).size;
      before = now;
    }
    expect(before.size).toBeGreaterThan(10);
    // Each file was gone through once, when it was the oldest: 4,000 answers of 700 bytes in files of 3 kB.
    expect(rewritten).toBeLessThan(1500);
    expect(sizeOf(path)).toBeLessThanOrEqual(200_000 + 1000);
    expect(quarantine.today()).toBe(4000);
    const again = open(path, 200_000);
    again.clock.at = clock.at;
    expect(again.quarantine.today()).toBe(4000);
  });

  it('that takes nothing ends no poll: records are counted, and it is said', () => {
    const { quarantine, path, clock } = open();
    quarantine.take(refused());
    rmSync(path, { recursive: true, force: true });
    clock.at += 24 * HOUR;
    quarantine.take(refused({ at: clock.at }));
    expect(quarantine.today()).toBe(1);
    expect(quarantine.note()).toMatch(/does not take refused records \(ENOENT\)/);
  });

  it('never holds what a person could be known by', () => {
    const { quarantine, path } = open();
    const canaries = ['Ottoline', 'Brackenbury', '9434765919', '1948-03-12', '07700900123'];
    const person = {
      name: 'Ottoline Brackenbury',
      nhsNumber: '9434765919',
      nhs: 9434765919,
      born: '1948-03-12',
      phone: '07700900123',
    };
    const payload = {
      ...person,
      queues: [{ ...person, odsCode: 'Ottoline', reference: 'Patient/9434765919', 'Ottoline Brackenbury': person }],
    };
    const rejections = [
      { place: '/queues/0/odsCode', reason: 'is not a site of this feed' },
      { place: '/queues/0/Ottoline Brackenbury/born', reason: 'x 9434765919' },
      { place: '', reason: 'y' },
      { place: '/9434765919', reason: 'z' },
    ];
    quarantine.take(refused({ payload, rejections }));
    quarantine.take(
      refused({
        feed: { adapter: 'mapped-csv' },
        payload: 'agent,n\nOttoline Brackenbury,9434765919',
        rejections: [{ place: '/rows/0', reason: 'x' }],
      }),
    );
    const written = content(path) + JSON.stringify([quarantine.groups(), quarantine.records({ limit: 99 })]);
    for (const canary of canaries) expect(written).not.toContain(canary);
  });
});
