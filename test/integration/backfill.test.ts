import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dispatch } from '../../server/cli/dispatch.ts';
import { connectDatabase } from '../../server/store/database.ts';
import { readPublished } from '../../server/store/published.ts';
import { withDatabase } from '../support/database.ts';
import { silent } from '../support/store-fixture.ts';

/** Practices and contract of the shipped system of Sefton; the figures are made up, the tables' form is the published one. */
const SYSTEM = 'sefton';
const [A, B] = ['N84001', 'N84002'];

const database = withDatabase();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-backfill-'));
  process.env['DATABASE_URL'] = database.url;
});
afterAll(() => {
  delete process.env['DATABASE_URL'];
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  await client.end();
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function importing(kind: string, ...paths: string[]) {
  const lines: string[] = [];
  const output = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) };
  const code = await dispatch(['import', kind, ...paths, '--system', SYSTEM], output);
  return { code, text: lines.join('\n') };
}

async function published(org: string) {
  const connected = connectDatabase({
    connectionString: database.url,
    connections: 2,
    statementLimitMs: 5000,
    logger: silent,
  });
  try {
    return await readPublished(connected, org, 24);
  } finally {
    await connected.end();
  }
}
const value = async (org: string, item: string, month: string) =>
  (await published(org)).figures.find((figure) => figure.item === item && figure.month === month)?.value;

async function count(table: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${table}`);
    return Number(rows[0]?.n);
  } finally {
    await client.end();
  }
}

const DAILY = 'sub_icb_location_code,appointment_date,count_of_appointments\nU37618,06-Jan-22,5\n';
const CBT_HEAD =
  'Month [1],GP Practice  (ODS_CODE),GP Name,Count of Inbound calls Total,Answered Total,Ended during the IVR Stage [4] Total,Call back requested Total,Missed Total,Call back made Total';
const CBT = [
  'Cloud Based Telephony,,,,,,,,',
  CBT_HEAD,
  `2025-10-01,${A} ,42 Kingsway,"1,000",600,200,100,100,`,
  `01NOV2025,${A},42 Kingsway,1100,700,200,100,200,90`,
  `2025-10-01,${B},Aintree,-,-,-,-,-,-`,
  '2025-10-01,Unassigned,Unmapped,500,400,50,20,30,20',
  '2025-10-01,NATIONAL,,31444618,17239997,1,2,3,4',
  '2025-10-01,M84615,Hartshill,11267,3533,6001,937,786,937',
].join('\n');

describe('headroom import of published figures', () => {
  it('takes calls by practice and month, and says what it did not take and why', async () => {
    const { code, text } = await importing('cbt-practice', file('table3.csv', CBT));
    expect(code).toBe(0);
    expect(text).toContain('table3.csv: 6 rows read, 3 taken, 2 not taken');
    expect(text).toContain('1 × calls of a telephone account that several practices share (line 6)');
    expect(text).toContain('1 × every count is blank or a dash (line 5)');
    expect(text).toContain('the outcomes of 1 rows add up to more than their calls');
    expect(text).toContain('1 rows are of organisations outside this system: left out');
    expect(await value(A, 'calls.inbound', '2025-10')).toBe(1000);
    expect(await value(A, 'calls.inbound', '2025-11')).toBe(1100);
    expect(await value('ENGLAND', 'calls.inbound', '2025-10')).toBe(31444618);
  });

  it('leaves a blank figure out and never makes a zero of it', async () => {
    await importing('cbt-practice', file('table3.csv', CBT));
    expect(await value(A, 'callbacks.made', '2025-10')).toBeUndefined();
    expect(await value(A, 'callbacks.made', '2025-11')).toBe(90);
    expect((await published(B)).figures).toEqual([]);
  });

  it('changes nothing when the same file comes again, and replaces what a revised one says otherwise', async () => {
    const path = file('table3.csv', CBT);
    expect((await importing('cbt-practice', path)).text).toContain('17 new, 0 changed, 0 as they were');
    expect((await importing('cbt-practice', path)).text).toContain('0 new, 0 changed, 17 as they were');
    const revised = file('table3-revised.csv', CBT.replace('"1,000"', '1234'));
    expect((await importing('cbt-practice', revised)).text).toContain('0 new, 1 changed, 16 as they were');
    expect(await value(A, 'calls.inbound', '2025-10')).toBe(1234);
    const [figure] = (await published(A)).figures.filter((f) => f.item === 'calls.inbound' && f.month === '2025-10');
    expect(figure?.file).toBe('table3-revised.csv');
  });

  it('keeps the days of a month that came in another file, and replaces those that come again', async () => {
    const head = 'Date,PRACTICE_CODE,Indicator,Time_Category,Value';
    const day = (date: string, ...calls: number[]) =>
      ['08:00-09:59', '10:00-11:59'].slice(0, calls.length).map((band, i) => `${date},${A},CBT001,${band},${calls[i]}`);
    const week = (name: string, ...rows: string[]) => importing('cbt-day-time', file(name, [head, ...rows].join('\n')));
    await week('week1.csv', ...day('2026-01-06', 70, 30), ...day('2026-01-05', 100, 50));
    expect((await week('week2.csv', ...day('2026-01-12', 120, 60))).text).toContain('0 new, 1 changed, 0 as they were');
    expect((await published(A)).figures).toMatchObject([{ item: 'calls.inbound', value: 430, days: 3 }]);
    const again = await week('week1.csv', ...day('2026-01-05', 100, 50), ...day('2026-01-06', 70, 30));
    expect(again.text).toContain('0 new, 0 changed, 1 as they were');
    await week('week1-revised.csv', ...day('2026-01-05', 90), ...day('2026-01-06', 70, 30));
    expect((await published(A)).figures).toMatchObject([{ value: 370, days: 3, file: 'week1-revised.csv' }]);
  });

  it('adds the cells of an appointments crosstab up, with the share of urgent ones seen on the day', async () => {
    const head =
      'APPOINTMENT_MONTH_START_DATE,GP_CODE,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS,APPT_STATUS';
    const { text } = await importing(
      'gpad-practice',
      file(
        'crosstab.csv',
        [
          head,
          `01AUG2025,${A},GP,Face-to-Face,General Consultation Acute,Same Day,90,Attended`,
          `01AUG2025,${A},GP,Telephone,General Consultation Acute,1 Day,10,DNA`,
          `2025-08-01,${A},Unknown,Video/Online,General Consultation Routine,2 to 7 Days,50,Unknown`,
          `01AUG2025,${A},GP,Video,Brand New Category,Same Day,5,Attended`,
          `01AUG2025,${A},GP,Video,Care Home Needs Assessment & Personalised Care and Support Planning,Same Day,3,Attended`,
          `01AUG2025,${A},GP,Video,Care Related Encounter but does not fit into any other category,Same Day,4,Attended`,
          `01AUG2025,${A},GP,Telephone,Unmapped,Same Day,,Attended`,
          `01AUG2025,,GP,Telephone,Unmapped,Same Day,7,Attended`,
          `August,${A},GP,Telephone,Unmapped,Same Day,7,Attended`,
          `01AUG2025,${A},GP,Telephone,Unmapped,Same Day,7,Cancelled`,
        ].join('\r\n'),
      ),
    );
    expect(text).toContain('10 rows read, 6 taken, 4 not taken');
    expect(text.match(/not on the national list/g)).toHaveLength(1);
    expect(text).toContain('1 rows of the category "brand-new-category", which is not on the national list');
    expect(await value(A, 'category/care-related-encounter', '2025-08')).toBe(4);
    expect(await value(A, 'appointments.booked', '2025-08')).toBe(162);
    expect(await value(A, 'appointments.urgent', '2025-08')).toBe(100);
    expect(await value(A, 'appointments.urgent-same-day', '2025-08')).toBe(90);
    expect(await value(A, 'mode/video', '2025-08')).toBe(62);
    expect(await value(A, 'appointments.no-show', '2025-08')).toBe(10);
  });

  it('takes away what a revised crosstab no longer names, of its own months and practices only', async () => {
    const head = 'APPOINTMENT_MONTH_START_DATE,GP_CODE,APPT_MODE,NATIONAL_CATEGORY,COUNT_OF_APPOINTMENTS,APPT_STATUS';
    const crosstab = (name: string, ...rows: string[]) =>
      importing('gpad-practice', file(name, [head, ...rows].join('\n')));
    const [july, august] = ['01JUL2025', '01AUG2025'].map((month) => `${month},${A},Video,Walk-in,5,Attended`);
    await crosstab('first.csv', july ?? '', august ?? '', `01AUG2025,${B},Video,Walk-in,5,Attended`);
    const { text } = await crosstab('revised.csv', `01AUG2025,${A},Telephone,Home Visit,4,Attended`);
    expect(text).toContain('2 new, 2 changed, 0 as they were');
    expect(text).toContain('2 that an earlier file had and this one has not: taken away');
    const items = (await published(A)).figures.filter(({ month }) => month === '2025-08').map(({ item }) => item);
    expect(items.sort()).toEqual([
      'appointments.attended',
      'appointments.booked',
      'category/home-visit',
      'mode/telephone',
    ]);
    expect(await value(A, 'mode/video', '2025-07')).toBe(5);
    expect(await value(B, 'mode/video', '2025-08')).toBe(5);
  });

  it('reads gzipped files, and files whose lines end in two ways', async () => {
    const days = [
      'sub_icb_location_code,appointment_date,actual_duration,count_of_appointments',
      '01T,06-Jan-22,1-5 Minutes,100',
    ];
    const text = `${days.join('\r\n')}\r\n01T,06-Jan-22,6-10 Minutes,50\n01T,07JAN2022,6-10 Minutes,30\n`;
    const done = await importing('gpad-daily', file('daily.csv.gz', gzipSync(text)));
    expect(done.text).toContain('3 rows read, 0 taken, 0 not taken');
    // 01T is no unit of this system; read with one that is.
    const own = await importing('gpad-daily', file('daily.csv', text.replaceAll('01T', 'U37618')));
    expect(own.text).toContain('3 rows read, 3 taken, 0 not taken');
    const [figure] = (await published('U37618')).figures.filter(({ item }) => item === 'appointments.booked');
    expect(figure).toMatchObject({ month: '2022-01', value: 180, days: 2 });
  });

  it('takes calls by day and band, nine bands a day, and refuses what is no band', async () => {
    const head = 'Date,REGION_CODE,PRACTICE_CODE,Indicator,Time_Category,Value';
    const rows = [
      head,
      `2026-01-12,Y62,${A},CBT001,08:00-09:59,120`,
      `2026-01-12,Y62,${A},CBT001,10:00 - 11:59,60`,
      `2026-01-12,Y62,${A},CBT001,TOTAL,180`,
      `2026-01-13,Y62,${A},CBT001,08:00-09:59,110`,
      `2026-01-13,Y62,${A},CBT001,08:00-09:59,110`,
      `2026-01-13,Y62,${A},CBT001,09:00-10:00,5`,
      `2026-01-13,Y62,${A},CBT009,08:00-09:59,5`,
      `2026-01-13,Y62,Unassigned,CBT001,08:00-09:59,5`,
    ];
    const { text } = await importing('cbt-day-time', file('day.csv', rows.join('\n')));
    expect(text).toContain('8 rows read, 4 taken, 4 not taken');
    expect(text).toContain('1 × a second row of the same figure (line 6)');
    expect(text).toContain('1 × a time band that is not one of the nine (line 7)');
    // A month in which some days are told as a whole too: the whole days count, not both.
    expect(await value(A, 'calls.inbound', '2026-01')).toBe(180);
  });

  it('counts a practice with two online suppliers once, and one that did not take part not at all', async () => {
    const head =
      'Month [1],GP Code,"Supplier [4, 5, 6]",Submissions [7],Clinical Submissions [7],Administrative Submissions [7],Other/Unknown Type Submissions [7],Participation [11]';
    const rows = [
      head,
      `2026-02-01,${A},ONE,100,60,30,10,1`,
      `2026-02-01,${A},TWO,50,40,5,0,1`,
      `2026-02-01,${B},ONE,0,0,0,0,0`,
    ];
    const { text } = await importing('online-consultations', file('online.csv', rows.join('\n')));
    expect(text).toContain('1 × did not take part: its zero is not one (line 4)');
    expect(text).toContain('in 1 rows the kinds do not add up');
    expect(await value(A, 'online.all', '2026-02')).toBe(150);
    expect((await published(B)).figures).toEqual([]);
  });
});

const URGENT_HEAD =
  'date,contract_code,contract_name,calls_received,calls_answered,calls_answered_60s,calls_abandoned,calls_triaged';

describe('headroom import of 111 and out-of-hours figures', () => {
  const contract = '111AG7';

  it('does not take a column of abandoned calls that cannot be true, and no day without any call', async () => {
    const rows = [URGENT_HEAD];
    for (let day = 10; day < 20; day++) rows.push(`2026-01-${day},${contract},Somewhere,1000,950,900,1000,800`);
    rows.push(
      `2026-01-20,${contract},Somewhere,0,0,0,0,0`,
      `2026-01-21,${contract},Somewhere else,1000,950,900,20,800`,
    );
    const { text } = await importing('nhs111-daily', file('111.csv', rows.join('\n')));
    expect(text).toContain('1 × no calls at all: no real day (line 12)');
    expect(text).toContain('in 10 of 11 rows: the column is wrong and was not taken');
    expect(text).toContain(`contract ${contract} goes by more than one name`);
  });

  it('takes abandoned calls that can be true, once where a row is there twice', async () => {
    const rows = [URGENT_HEAD];
    for (let day = 10; day < 13; day++) rows.push(`2026-01-${day},111AJ3,North West,1000,950,900,40,800`);
    rows.push('2026-01-12,111AJ3,North West,1000,950,900,40,800');
    const { text } = await importing('nhs111-daily', file('111.csv', rows.join('\n')));
    expect(text).toContain('4 rows read, 3 taken, 1 not taken');
    expect(await value('111AJ3', 'iuc.abandoned', '2026-01')).toBe(120);
    rows.splice(1, rows.length, '2026-01-20,111AJ3,North West,1000,950,900,1000,800');
    await importing('nhs111-daily', file('111.csv', rows.join('\n')));
    expect(await value('111AJ3', 'iuc.abandoned', '2026-01')).toBe(120);
    expect(await value('111AJ3', 'iuc.offered', '2026-01')).toBe(4000);
  });

  it('takes null markers of the collection as no figure', async () => {
    const items = [
      'REPORTING_PERIOD,ORG_CODE,CONTRACT_CODE,CONTRACT_NAME,ITEM_NUMBER,VALUE',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,A01,"35,693"',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,A02,-',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,A03,.',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,B01,*',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,B02,',
      'IUCADC-WEEKLY-APR-2024,X,U37618,N,B02,5',
      'IUCADC-MONTHLY-APR-2024,X,U37618,N,A01,5',
    ];
    const { text } = await importing('iuc-adc', file('iuc.csv', items.join('\n')));
    expect(text).toContain('7 rows read, 1 taken, 6 not taken');
    expect(text).toContain('4 × no figure (-, ., * or blank)');
    expect(text).toContain('1 × its period is not like IUCADC-MONTHLY-APR-2024');
    expect(text).toContain('1 × a second row of the same figure');
    expect(await value('U37618', 'A01', '2024-04')).toBe(35693);
  });
});

describe('headroom import of registers', () => {
  const practice = (code: string, status: string, opened: string, closed: string) =>
    [
      code,
      'A NAME',
      'Y62',
      'QYG',
      '',
      '',
      '',
      '',
      '',
      'PR8',
      opened,
      closed,
      status,
      'B',
      '01T',
      '',
      '',
      '',
      '',
      '',
      '',
      '0',
      '',
      '01T',
      '',
      '4',
      '',
    ]
      .map((cell) => `"${cell}"`)
      .join(',');

  it('keeps opening and closing days, and names sites of the definition that are closed', async () => {
    const rows = [
      practice(A, 'A', '19740401', ''),
      practice(B, 'C', '19740401', '20260131'),
      practice('N84003', 'A', '20260101', '20250101'),
      practice('N84005', 'A', '31 June', ''),
      practice('M85001', 'A', '19740401', ''),
      practice(A, 'D', '19740401', ''),
      'N84006,SHORT',
    ];
    const { text } = await importing('practices', file('epraccur.csv', rows.join('\n')));
    expect(text).toContain('7 rows read, 2 taken, 4 not taken');
    expect(text).toContain(`1 × there a second time (${A})`);
    expect(text).toContain('1 rows are of organisations outside this system: left out');
    expect(text).toContain('1 × closed before it opened (N84003)');
    expect(text).toMatch(new RegExp(`differs from the definition: ${B} .*closed since 2026-01-31`));
    expect((await published(B)).organisation).toMatchObject({
      status: 'C',
      opened: '1974-04-01',
      closed: '2026-01-31',
    });
  });

  it('keeps memberships with their dates, says who is in two networks at once, and refuses what has no network', async () => {
    const head =
      'Partner Organisation Code,Partner Name,PCN Code,PCN Name,Practice to PCN Relationship Start Date,Practice to PCN Relationship End Date,Practice Sub ICB Loc and PCN Sub ICB Loc Match ';
    const rows = [
      head,
      `${A},K,U11111,OLD PCN,20190701,20230331,True`,
      `${A},K,U37618,NEW PCN,20230401,,True`,
      `${B},K,U11111,OLD PCN,20190701,,True`,
      `${B},K,U37618,NEW PCN,20230401,,True`,
      `N84003,K,U,Unallocated,20230401,,True`,
      `N84005,K,U37618,NEW PCN,20230401,20220101,True`,
    ];
    const { text } = await importing('memberships', file('members.csv', rows.join('\n')));
    expect(text).toContain('6 rows read, 4 taken, 2 not taken');
    expect(text).toContain(`1 × in two networks at once (${B})`);
    expect(text).toContain('1 × a practice in no network (U) (N84003)');
    expect((await published(A)).memberships).toEqual([
      { network: 'U37618', name: null, from: '2023-04-01', to: null },
      { network: 'U11111', name: null, from: '2019-07-01', to: '2023-03-31' },
    ]);
    const networks = [
      'PCN Code,PCN Name,Current Sub ICB Loc Code,Open Date,Close Date',
      'U37618,NEW PCN,01T,20230401,',
    ];
    await importing('networks', file('networks.csv', networks.join('\n')));
    expect((await published(A)).memberships[0]?.name).toBe('NEW PCN');
  });
});

describe('a file that is none of these', () => {
  it.each<[string, string, string | Buffer, RegExp]>([
    ['cbt-practice', 'wrong.csv', 'a,b\n1,2\n', /has no heading row with the columns MONTH/],
    ['cbt-practice', 'empty.csv', '', /has no heading row/],
    ['practices', 'table3.csv', CBT, /holds nothing that could be taken as practices/],
    ['nhs111-daily', 'only-heading.csv', `${URGENT_HEAD}\n`, /holds nothing that could be taken as nhs111-daily/],
    ['online-consultations', 'book.xlsx', Buffer.from('PK\x03\x04 rest'), /is a workbook: save the table as CSV/],
    ['cbt-day-time', 'regions.zip', Buffer.from('PK\x03\x04 rest'), /is an archive: unzip it first/],
    ['gpad-daily', 'utf16.csv', Buffer.from([0xff, 0xfe, 0x41, 0x00]), /is UTF-16 text/],
    ['gpad-daily', 'cut.csv.gz', gzipSync(DAILY.repeat(3)).subarray(0, 60), /is not readable as CSV/],
    [
      'gpad-daily',
      'quotes.csv',
      'sub_icb_location_code,appointment_date,count_of_appointments\n01T,"06-Jan-22,5\n',
      /not readable as CSV/,
    ],
  ])('%s %s is told apart, and nothing is kept of it', async (kind, name, content, message) => {
    const { code, text } = await importing(kind, file(name, content));
    expect(code).toBe(1);
    expect(text).toMatch(message);
    expect(await count('published_source')).toBe(0);
    expect(await count('published_figure')).toBe(0);
  });

  it('a file that is not there, a system that is none and a missing option are told', async () => {
    expect(await importing('cbt-practice', join(folder, 'none.csv'))).toMatchObject({ code: 1 });
    const lines: string[] = [];
    const output = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) };
    expect(await dispatch(['import', 'cbt-practice', 'x.csv', '--system', 'atlantis'], output)).toBe(2);
    expect(await dispatch(['import', 'cbt-practice', 'x.csv'], output)).toBe(2);
    expect(await dispatch(['import', 'cbt-practise', 'x.csv', '--system', SYSTEM], output)).toBe(2);
    expect(lines.join('\n')).toContain('Say what to import: definition, national, gpad-practice');
    expect(lines.join('\n')).toContain('There is no system "atlantis"');
  });
});
