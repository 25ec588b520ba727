import { describe, expect, it } from 'vitest';
import type { FeedDef } from '#shared/model/definition.ts';
import { dayStart, fromInstant, HOUR, MINUTE } from '#shared/model/time.ts';
import { NOW, searchset, siteOf, TOOLS } from '../../../test/fixtures/feeds/samples.ts';
import { freeSlot, gpContext, gpFeed, gpSite, TEN } from '../../../test/fixtures/fhir/gp-connect.ts';
import { windowsOf } from './gp-connect-request.ts';
import { gpConnectSlots } from './gp-connect-slots.ts';

const adapterOf = (more: Partial<FeedDef> = {}) => gpConnectSlots(gpFeed(more), TOOLS);
const adapter = adapterOf();

const asking = (now: number, more: Partial<FeedDef> = {}, of = gpSite) => ({
  instance: { id: 'ahead:P81001', feed: gpFeed(more), sites: [of] },
  now,
  requester: 'QOP',
});
const queryOf = (url: string) => new URL(url.replace('${FEEDS_URL}', 'http://feeds')).searchParams;

describe('asking by GP Connect', () => {
  it('asks for free slots between one start and one end, with the includes and who would book', () => {
    const { url } = adapter.request(asking(NOW), adapter.memory());
    expect(url.startsWith('${FEEDS_URL}/P81001/STU3/1/Slot?')).toBe(true);
    const query = queryOf(url);
    expect(query.getAll('status')).toEqual(['free']);
    expect(query.getAll('start')).toEqual(['ge2026-09-14T00:00:00+01:00']);
    expect(query.getAll('end')).toEqual(['le2026-09-28T00:00:00+01:00']);
    expect(query.getAll('_include')).toEqual(['Slot:schedule']);
    expect(query.getAll('_include:recurse')).toEqual(['Schedule:actor:Location', 'Location:managingOrganization']);
    expect(query.getAll('searchFilter')).toEqual([
      'https://fhir.nhs.uk/Id/ods-organization-code|QOP',
      'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|urgent-care',
    ]);
  });

  it('asks the same address all day, so that an unchanged answer can be known as one', () => {
    const url = (at: number) => adapter.request(asking(at), adapter.memory()).url;
    expect(url(NOW)).toBe(url(NOW + 3 * HOUR));
    expect(url(NOW)).not.toBe(url(NOW + 24 * HOUR));
  });

  it("lets the feed's own address say which type of organisation asks", () => {
    const own =
      'http://feeds/{ods}?searchFilter=https%3A%2F%2Ffhir.nhs.uk%2FSTU3%2FCodeSystem%2FGPConnect-OrganisationType-1%7Cgp-practice';
    const { url } = adapter.request(asking(NOW, { url: own }), adapter.memory());
    expect(new URL(url).pathname).toBe('/P81001/Slot');
    expect(new URL(url).searchParams.getAll('searchFilter')).toEqual([
      'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|gp-practice',
      'https://fhir.nhs.uk/Id/ods-organization-code|QOP',
    ]);
  });

  it.each([
    ['in winter', '2026-01-12T12:00:00Z', 14, ['ge2026-01-12T00:00:00+00:00'], ['le2026-01-26T00:00:00+00:00']],
    ['into summer', '2026-03-23T12:00:00Z', 14, ['ge2026-03-23T00:00:00+00:00'], ['le2026-04-06T00:00:00+01:00']],
    ['today alone', '2026-10-25T12:00:00Z', 1, ['ge2026-10-25T00:00:00+01:00'], ['le2026-10-26T00:00:00+00:00']],
  ])('writes times in London time with the offset of that moment, %s', (_, at, horizonDays, start, end) => {
    const made = adapterOf({ horizonDays });
    const query = queryOf(made.request(asking(fromInstant(at), { horizonDays }), made.memory()).url);
    expect(query.getAll('start')).toEqual(start);
    expect(query.getAll('end')).toEqual(end);
  });

  it.each([
    ['2026-01-12', 28],
    ['2026-01-12', 31],
    ['2026-01-12', 56],
    ['2026-10-19', 14],
    ['2026-10-12', 28],
    ['2026-03-23', 14],
    ['2028-02-20', 20],
  ])('from %s over %i days, no call asks for more than two weeks and no day is left out', (date, days) => {
    const day = dayStart(fromInstant(`${date}T12:00:00Z`));
    const windows = windowsOf(day, days);
    for (const { from, to } of windows) expect(to - from).toBeLessThanOrEqual(14 * 24 * HOUR);
    expect(windows.every(({ to }, i) => windows[i + 1] === undefined || windows[i + 1]?.from === to)).toBe(true);
    expect(windows[0].from).toBe(day);
    const last = Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO('Europe/London').add({ days });
    expect(windows.at(-1)?.to).toBe(last.epochMilliseconds);
  });

  it('splits a longer horizon into calls of one poll, and follows further pages after them', () => {
    const horizonDays = 20;
    const made = adapterOf({ horizonDays });
    made.request(asking(NOW, { horizonDays }), made.memory());
    const link = [{ relation: 'next', url: 'http://feeds/P81001/pages/7' }];
    const page = (n: number, payload: unknown, memory = made.memory()) => {
      const result = made.read(payload, gpContext(NOW + n, 'practice', n, { horizonDays }), memory);
      if (!result.ok) throw new Error(result.fault);
      return result;
    };
    const first = page(0, searchset([freeSlot(...TEN)], { link }));
    expect(first.readings).toEqual([]);
    const second = new URL(first.next ?? '', 'http://feeds/P81001/STU3/1/Slot?status=free');
    expect(second.pathname).toBe('/P81001/STU3/1/Slot');
    expect(second.searchParams.getAll('start')).toEqual(['ge2026-09-28T00:00:00+01:00']);
    expect(second.searchParams.getAll('end')).toEqual(['le2026-10-04T00:00:00+01:00']);
    expect(second.searchParams.getAll('searchFilter')[0]).toBe('https://fhir.nhs.uk/Id/ods-organization-code|QOP');
    const later = freeSlot('2026-09-30T09:00:00+01:00', '2026-09-30T09:10:00+01:00');
    const middle = page(1, searchset([later]), first.memory);
    expect(middle.next).toBe('http://feeds/P81001/pages/7');
    const last = page(2, searchset([freeSlot(...TEN)]), middle.memory);
    expect(last.next).toBeNull();
    expect(last.readings.map((r) => r.value)).toEqual([2, 20, 2, 2, 2, 2]);
    expect(last.memory.groups.reduce((sum, group) => sum + group.free, 0)).toBe(3);
    expect(last.memory.seen.size).toBe(0);
  });

  it.each([
    [7, ['slots.free-48h', 'slots.free-7d']],
    [3, ['slots.free-48h']],
    [1, []],
  ])('of a horizon of %i days says only what it covers', (horizonDays, ahead) => {
    const made = adapterOf({ horizonDays });
    const result = made.read(searchset([]), gpContext(NOW, 'practice', 0, { horizonDays }), made.memory());
    if (!result.ok) throw new Error(result.fault);
    const names = result.readings.map((r) => r.metric);
    expect(names.filter((name) => /d$|48h$/.test(name))).toEqual(ahead);
  });

  it('says that 48 hours are not known in the one hour that a short day ahead leaves out', () => {
    const made = adapterOf({ horizonDays: 3 });
    const at = (now: number) => {
      const result = made.read(searchset([]), gpContext(now, 'practice', 0, { horizonDays: 3 }), made.memory());
      return result.ok ? result.readings.find((r) => r.metric === 'slots.free-48h') : null;
    };
    const late = fromInstant('2026-03-28T23:30:00Z');
    expect(at(late)).toMatchObject({ value: null, absence: 'not-reported' });
    expect(at(late - 40 * MINUTE)).toMatchObject({ value: 0 });
  });

  it('sends the header lines of the proxy, and leaves those to the feed that it names itself', () => {
    const { headers } = adapter.request(asking(NOW), adapter.memory());
    expect(headers).toMatchObject({
      accept: 'application/fhir+json',
      'ssp-from': '${SSP_FROM_ASID}',
      'ssp-to': '918999198820',
      'ssp-interactionid': 'urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1',
    });
    expect(headers['ssp-traceid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const own = adapter.request(asking(NOW, { headers: { 'Ssp-From': '200000000359' } }), adapter.memory());
    expect(own.headers).not.toHaveProperty('ssp-from');
    const bare = adapter.request(asking(NOW, {}, siteOf('P81002')), adapter.memory());
    expect(bare.headers).not.toHaveProperty('ssp-to');
  });

  it('sends an unsigned token that says who asks for what and why, good for five minutes', () => {
    const { headers } = adapter.request(asking(NOW), adapter.memory());
    const [kind, token = ''] = headers['authorization']?.split(' ') ?? [];
    const parts = token.split('.');
    expect([kind, parts.length, parts[2]]).toEqual(['Bearer', 3, '']);
    const plain = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    expect(plain(parts[0])).toEqual({ alg: 'none', typ: 'JWT' });
    expect(plain(parts[1])).toMatchObject({
      aud: '/P81001/STU3/1',
      iat: NOW / 1000,
      exp: NOW / 1000 + 300,
      sub: 'headroom',
      reason_for_request: 'directcare',
      requested_scope: 'organization/*.read',
      requested_record: { identifier: [{ value: 'P81001' }] },
      requesting_device: { resourceType: 'Device' },
      requesting_organization: { identifier: [{ value: 'QOP' }] },
      requesting_practitioner: { id: 'headroom' },
    });
    expect(plain(parts[1])).toHaveProperty('iss');
  });

  it.each<[string, FeedDef['auth'], boolean]>([
    ['leaves signing in to a bearer token of the feed', [{ type: 'bearer', token: '${TOKEN}' }], false],
    ['sends it beside a client certificate', [{ type: 'mtls', certificate: '${C}', key: '${K}' }], true],
  ])('%s', (_, auth, sent) => {
    const { headers } = adapter.request(asking(NOW, { auth }), adapter.memory());
    expect('authorization' in headers).toBe(sent);
  });
});
