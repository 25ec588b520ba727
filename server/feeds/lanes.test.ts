import { describe, expect, it } from 'vitest';
import type { SupplierDef } from '#shared/model/definition.ts';
import { createLanes, type Job } from './lanes.ts';
import { createQuotas } from './quota.ts';

const alder: SupplierDef = { id: 'alder', name: 'Alder', perMinute: null, perSecond: 1, contact: null, fields: {} };

interface Running {
  readonly job: Job;
  end(): Promise<void>;
}

/** Lanes whose jobs end when the test says so. */
function setUp(
  limits: { perSupplier: number; overall: number; startsPerSecond?: number },
  suppliers: SupplierDef[] = [],
) {
  const running: Running[] = [];
  const started: string[] = [];
  let real = 0;
  const run = (job: Job): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    started.push(job.id);
    running.push({
      job,
      end: async () => {
        resolve(undefined);
        await promise;
        await new Promise<void>((done) => setImmediate(done));
      },
    });
    return promise;
  };
  const quotas = createQuotas(suppliers, () => real);
  const begin = (job: Job): Promise<void> => {
    expect(quotas.take(job.supplier)).toBe(true);
    return run(job);
  };
  const lanes = createLanes<Job>({ startsPerSecond: 1000, ...limits }, begin, () => real, quotas);
  const add = (feed: string, supplier: string, count: number, suspect = false): void => {
    for (let i = 0; i < count; i++)
      lanes.add({ id: `${feed}:${i}`, feed, supplier, suspect, patienceMs: 500, queued: true }, real);
    lanes.pump(real);
  };
  const first = (job: Job): void => lanes.add(job, real, true);
  const pass = (ms: number): void => {
    real += ms;
    lanes.pump(real);
  };
  return { lanes, add, first, started, running, pass };
}

describe('lanes', () => {
  it('keeps to the limit of a supplier, and goes on as polls end', async () => {
    const { lanes, add, started, running } = setUp({ perSupplier: 3, overall: 10 });
    add('slots', 'alder', 8);
    expect(started).toHaveLength(3);
    await running[0]?.end();
    expect(started).toHaveLength(4);
    expect(lanes.underWay).toBe(3);
  });

  it('keeps to the limit in all', () => {
    const { lanes, add } = setUp({ perSupplier: 4, overall: 5 });
    add('a', 'alder', 9);
    add('b', 'birch', 9);
    expect(lanes.underWay).toBe(5);
  });

  it('lets a feed begin although others hang with every place taken', () => {
    const { add, started } = setUp({ perSupplier: 2, overall: 2 });
    add('a', 'alder', 20);
    add('b', 'alder', 1);
    add('c', 'cedar', 1);
    expect(started).toContain('b:0');
    expect(started).toContain('c:0');
  });

  it('gives those that did not answer last time a narrow lane of their own', () => {
    const { add, started } = setUp({ perSupplier: 4, overall: 20 });
    add('slots', 'alder', 20, true);
    expect(started).toHaveLength(2);
    add('slots', 'alder', 2);
    expect(started).toHaveLength(4);
  });

  it('takes the feeds in turn', () => {
    const { add, started, pass } = setUp({ perSupplier: 100, overall: 100, startsPerSecond: 4 });
    add('a', 'alder', 5);
    add('b', 'birch', 5);
    for (let i = 0; i < 9; i++) pass(250);
    expect(started.slice(1, 5).filter((id) => id.startsWith('b'))).toHaveLength(2);
  });

  it('begins no more polls a second than it may, and says how long the next has waited once that is too long', () => {
    const { lanes, add, started, pass } = setUp({ perSupplier: 500, overall: 500, startsPerSecond: 40 });
    add('a', 'alder', 200);
    for (let i = 0; i < 10; i++) pass(100);
    expect(started.length).toBeGreaterThanOrEqual(40);
    expect(started.length).toBeLessThanOrEqual(50);
    expect(lanes.overdueMs(500)).toBe(0);
    expect(lanes.overdueMs(1000)).toBe(1000);
  });

  it('keeps a supplier within its quota, whichever of its feeds is next, and lets the others go on', () => {
    const { add, started, pass, lanes } = setUp({ perSupplier: 100, overall: 100 }, [alder]);
    add('a', 'alder', 5);
    add('b', 'alder', 5);
    add('c', 'cedar', 5);
    expect(started.filter((id) => id.startsWith('c'))).toHaveLength(5);
    for (let i = 0; i < 35; i++) pass(100);
    expect(started.filter((id) => !id.startsWith('c'))).toHaveLength(4);
    expect(lanes.waiting('alder')).toBe(6);
    for (let i = 0; i < 20; i++) pass(100);
    const later = started.slice(-4);
    expect(later.filter((id) => id.startsWith('a'))).toHaveLength(2);
    // What the quota makes wait is agreed: it is not behind.
    expect(lanes.overdueMs(5500)).toBe(0);
  });

  it('lets those go first that somebody asked for, each once', () => {
    const { lanes, add, first, started, running } = setUp({ perSupplier: 1, overall: 1 });
    add('a', 'alder', 4);
    const job = { id: 'a:9', feed: 'a', supplier: 'alder', suspect: false, patienceMs: 500, queued: true };
    lanes.add(job, 0);
    first(job);
    const next = running[0]?.end();
    return next?.then(async () => {
      expect(started).toEqual(['a:0', 'a:9']);
      job.queued = false;
      for (let i = 1; i < 8; i++) await running[i]?.end();
      expect(started).toEqual(['a:0', 'a:9', 'a:1', 'a:2', 'a:3']);
    });
  });
});
