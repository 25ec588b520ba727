import { expect, onTestFinished, test } from 'vitest';
import { connectDatabase } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { dropRecordedPartitions, makeRecordedPartitions } from '../../server/store/recorded-partitions.ts';
import { withDatabase } from '../support/database.ts';
import { ask, silent } from '../support/store-fixture.ts';

const server = withDatabase();

test('a stretch of which no whole board stays is forgotten with the weeks that held it', async () => {
  const { url } = server;
  const store = connectDatabase({ connectionString: url, connections: 1, statementLimitMs: 20_000, logger: silent });
  onTestFinished(() => store.end());
  await migrate(store);
  const [run] = await ask<{ id: number }>(
    url,
    `insert into run (system, code, simulated, seed, began) values ('small', 'old', true, 1, '-infinity') returning run_id as id`,
  );
  const weeks = ['2033-01-03', '2033-01-10'];
  await makeRecordedPartitions(store, weeks.map(Date.parse));
  const stretch = (n: number, from: string, to: string) =>
    `(${run?.id}, ${n}, gen_random_uuid(), 'e', '${from}', '${to}', 9)`;
  await ask(
    url,
    `insert into recorded_stretch values ${[
      stretch(1, '2033-01-05 00:00+00', '2033-01-06 00:00+00'),
      // Its last word came after the midnight of a Sunday; its last whole board before it.
      stretch(2, '2033-01-09 22:00+00', '2033-01-10 00:05+00'),
      stretch(3, '2033-01-09 23:00+00', '2033-01-11 00:00+00'),
      stretch(4, '2033-01-12 00:00+00', '2033-01-13 00:00+00'),
    ].join()}`,
  );
  const board = (n: number, at: string) => `(${run?.id}, ${n}, 1, 1, '${at}', '${at}', 0, '1/x', 1, '')`;
  const at = ['2033-01-09 23:00+00', '2033-01-10 00:10+00', '2033-01-10 09:00+00'].map((time) => board(3, time));
  await ask(url, `insert into recorded values ${[board(2, '2033-01-09 22:00+00'), ...at].join()}`);
  expect(await dropRecordedPartitions(store, Date.parse('2033-01-11'))).toContain('recorded_2033_01_03');
  const left = await ask(
    url,
    `select stretch, from_at from recorded_stretch where run_id = ${run?.id} order by stretch`,
  );
  expect(left).toEqual([
    { stretch: 3, from_at: new Date('2033-01-10T00:10:00Z') },
    { stretch: 4, from_at: new Date('2033-01-12T00:00:00Z') },
  ]);
});
