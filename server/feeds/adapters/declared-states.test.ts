import { describe, expect, it } from 'vitest';
import { HOUR } from '#shared/model/time.ts';
import {
  CANARY,
  CANARY_TEXT,
  contextOf,
  declaration,
  declarations,
  feedOf,
  NOW,
  overTheWire,
  siteOf,
  TOOLS,
} from '../../../test/fixtures/feeds/samples.ts';
import { redact } from '../redact.ts';
import type { DeclaredMemory } from './declared.ts';
import { declaredStates } from './declared-states.ts';

const adapter = declaredStates(feedOf('declared-states'), TOOLS);
const sites = [siteOf('P81001'), siteOf('P81002')];
const context = contextOf('declared-states', sites);
const DECLARED_AT = NOW - 75 * 60_000;

function read(payload: unknown, memory: DeclaredMemory = adapter.memory(), at = NOW) {
  const result = adapter.read(payload, { ...context, now: at, askedAt: at }, memory);
  if (!result.ok) throw new Error(result.fault);
  return result;
}
const levelOf = (payload: unknown, site = 'P81001') => read(payload).readings.find((r) => r.site === site);
const declaredOf = (payload: unknown, site = 'P81001') => read(payload).declared?.find((d) => d.site === site);

describe('declared-states', () => {
  it('gives the level, why, who by role, since when and until when', () => {
    expect(declaredOf(declarations(declaration('P81001')))).toEqual({
      site: 'P81001',
      level: 3,
      reason: 'clinical-staff',
      by: 'practice manager',
      at: DECLARED_AT,
      until: NOW + 9 * HOUR,
    });
    expect(levelOf(declarations(declaration('P81001')))).toEqual({
      site: 'P81001',
      metric: 'declared.level',
      value: 3,
    });
  });

  it('says nothing of a site that is not in the document: absent, never level 1', () => {
    const payload = declarations(declaration('P81001'));
    expect(levelOf(payload, 'P81002')).toMatchObject({ value: null, absence: 'not-reported', detail: 'missing-site' });
    expect(declaredOf(payload, 'P81002')).toMatchObject({ level: null });
  });

  it.each([
    [1, 1],
    ['2', 2],
    ['opel-3', 3],
    ['OPEL-4', 4],
    ['green', 1],
    ['Amber', 2],
    [' red ', 3],
    ['BLACK', 4],
  ])('reads the level %j as %j', (level, expected) => {
    expect(levelOf(declarations(declaration('P81001', { level })))?.value).toBe(expected);
  });

  it.each([
    ['a level of 0', { level: 0 }, 'level'],
    ['a level of 5', { level: 5 }, 'level'],
    ['half a level', { level: 2.5 }, 'level'],
    ['a level in words', { level: CANARY_TEXT }, 'level'],
    ['a level named like a part of every object', { level: 'constructor' }, 'level'],
    ['a level that is true', { level: true }, 'level'],
    ['a level that is a list', { level: [3] }, 'level'],
    ['a level that is an object', { level: {} }, 'level'],
    ['purple', { level: 'purple' }, 'level'],
    ['a time without its offset', { declaredAt: '2026-09-14T07:15:00' }, 'declaredAt'],
    ['a time in words', { declaredAt: 'this morning' }, 'declaredAt'],
    ['a time that is a number', { declaredAt: 1789370100 }, 'declaredAt'],
    ['a time that is null', { declaredAt: null }, 'declaredAt'],
    ['a time to come', { declaredAt: '2026-09-14T09:30:00Z' }, 'declaredAt'],
    ['a day that never was', { declaredAt: '2026-02-30T09:30:00Z' }, 'declaredAt'],
  ])('refuses %s, says so of the site and takes the others', (_, wrong, field) => {
    const payload = declarations(declaration('P81001', wrong), declaration('P81002'));
    expect(read(payload).rejected.map((r) => r.place)).toEqual([`/declared/0/${field}`]);
    expect(levelOf(payload)).toMatchObject({ value: null, absence: 'rejected' });
    expect(declaredOf(payload)).toBeUndefined();
    expect(levelOf(payload, 'P81002')?.value).toBe(3);
  });

  it.each([
    ['an unknown code', declaration('X99999'), '/declared/1/odsCode'],
    ['no code', { level: 3, declaredAt: '2026-09-14T07:15:00Z' }, '/declared/1'],
    ['no level', overTheWire(declaration('P81002', { level: undefined })), '/declared/1'],
    ['no time', overTheWire(declaration('P81002', { declaredAt: undefined })), '/declared/1'],
    ['a number for a code', declaration('P81002', { odsCode: 81002 }), '/declared/1/odsCode'],
    ['null', null, '/declared/1'],
    ['text', 'P81002', '/declared/1'],
    ['the same site again', declaration('P81001', { level: 1 }), '/declared/1/odsCode'],
  ])('refuses a record that is %s and keeps the good one', (_, record, place) => {
    const payload = declarations(declaration('P81001'), record);
    expect(read(payload).rejected.map((r) => r.place)).toEqual([place]);
    expect(levelOf(payload)?.value).toBe(3);
  });

  it.each([
    ['left out', undefined, NOW - 75 * 60_000 + 24 * HOUR, 0],
    ['null', null, DECLARED_AT + 24 * HOUR, 0],
    ['no time', 'tonight', DECLARED_AT + 24 * HOUR, 1],
    ['before it began', '2026-09-14T07:00:00Z', DECLARED_AT + 24 * HOUR, 1],
    ['in another year', '2099-01-01T00:00:00Z', DECLARED_AT + 24 * HOUR, 1],
  ])('stands for a day where its end is %s', (_, until, expected, refused) => {
    const payload = declarations(declaration('P81001', { until }));
    expect(declaredOf(payload)?.until).toBe(expected);
    expect(read(payload).rejectedCount).toBe(refused);
  });

  it('takes one that has run out as none', () => {
    const payload = declarations(declaration('P81001', { until: '2026-09-14T08:29:00Z' }));
    expect(levelOf(payload)).toMatchObject({ value: null, detail: 'missing-site' });
    expect(declaredOf(payload)?.level).toBeNull();
  });

  it.each([
    ['a code of ours', 'telephony', 'telephony'],
    ['free text', CANARY_TEXT, 'unstated'],
    ['nothing', undefined, 'unstated'],
    ['an object', {}, 'unstated'],
    ['a part of every object', 'toString', 'unstated'],
  ])('gives the reason for %s as one of ours', (_, reason, expected) => {
    expect(declaredOf(declarations(declaration('P81001', { reason })))?.reason).toBe(expected);
  });

  it.each([
    ['duty-doctor', 'duty doctor'],
    [CANARY_TEXT, 'role not given'],
    [`Dr ${CANARY.name}`, 'role not given'],
    [null, 'role not given'],
    ['__proto__', 'role not given'],
  ])('gives the role for %j in our words', (role, expected) => {
    expect(declaredOf(declarations(declaration('P81001', { role })))?.by).toBe(expected);
  });

  it('says once that a site has stood down, by word or by leaving the document', () => {
    const first = read(declarations(declaration('P81001'), declaration('P81002')));
    const second = read(declarations(declaration('P81001', { level: null, reason: undefined })), first.memory);
    expect(second.declared).toMatchObject([
      { site: 'P81001', level: null, reason: 'stood-down' },
      { site: 'P81002', level: null, reason: 'stood-down' },
    ]);
    expect(read(declarations(), second.memory).declared).toEqual([]);
    expect(read(declarations(declaration('P81002')), second.memory).declared).toMatchObject([
      { site: 'P81002', level: 3 },
    ]);
  });

  it('keeps what stood while a later record of the site is refused, until its own end', () => {
    const first = read(declarations(declaration('P81001')));
    const refused = declarations(declaration('P81001', { level: 'purple' }));
    const second = read(refused, first.memory);
    // Everything that stands is said: a site that is not named has stood down.
    expect(second.declared?.find((d) => d.site === 'P81001')).toEqual(first.declared?.[0]);
    expect(read(declarations(), second.memory).declared).toMatchObject([{ site: 'P81001', level: null }]);
    const late = read(refused, second.memory, NOW + 9 * HOUR);
    expect(late.declared?.find((d) => d.site === 'P81001')).toMatchObject({ level: null });
  });

  it('ends a level by its own time although the document stays as it was', () => {
    const first = read(declarations(declaration('P81001'), declaration('P81002', { level: 'purple' })));
    const at = (now: number) => adapter.again?.({ ...context, now }, first.memory).readings;
    expect(at(NOW + 9 * HOUR - 1)).toBe(first.readings);
    expect(at(NOW + 9 * HOUR)).toEqual([
      { site: 'P81001', metric: 'declared.level', value: null, absence: 'not-reported', detail: 'missing-site' },
      first.readings[1],
    ]);
  });

  it.each([[null], [[]], ['text'], [{}], [{ declared: {} }], [{ declared: null }]])(
    'says invalid for a document that is %j',
    (payload) => {
      expect(adapter.read(payload, context, adapter.memory())).toMatchObject({ ok: false, state: 'invalid' });
    },
  );

  it('gives the same again from its redacted copy, with nobody in it', () => {
    const payload = declarations(
      declaration('P81001', { note: CANARY_TEXT, by: CANARY.name, reason: CANARY.name }),
      declaration('P81002', { role: CANARY_TEXT, phone: CANARY.phone, level: 'Amber' }),
    );
    const copy = redact(overTheWire(payload), adapter.redaction);
    for (const word of Object.values(CANARY)) expect(JSON.stringify([copy, read(payload)])).not.toContain(word);
    expect(read(copy).declared).toEqual(read(payload).declared);
    expect(read(copy).readings).toEqual(read(payload).readings);
  });
});
