import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import type { BoardBody } from '#shared/protocol/api.ts';
import { startSystem } from '../support/running-system.ts';
import { report } from './report.ts';

const FIRST_DATA_AIM_S = 10;
const SECOND_START_AIM_S = 5;

/**
 * From the command to the address, and to the first numbers of every practice, for Greater Manchester; then the same
 * for a second start that resumes. The baseline of each is its aim.
 */
export async function runBench(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'headroom-start-'));
  try {
    const first = await once(home);
    report('start-first-ready', first.ready, 's', FIRST_DATA_AIM_S);
    report('start-first-data', first.data, 's', FIRST_DATA_AIM_S);
    const second = await once(home);
    report('start-second-ready', second.ready, 's', SECOND_START_AIM_S);
    report('start-second-data', second.data, 's', SECOND_START_AIM_S);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function once(home: string): Promise<{ ready: number; data: number }> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const system = await startSystem({ home });
  try {
    const ready = seconds();
    for (;;) {
      const board = (await (await request(`${system.url}/api/board`)).body.json()) as BoardBody;
      const practices = board.units.filter((unit) => unit.siteKind === 'practice');
      const known = practices.filter((unit) => (unit.metrics['calls.inbound']?.value ?? null) !== null);
      if (known.length >= practices.length * 0.95) break;
      if (seconds() > 120) throw new Error('no data within two minutes');
      await wait(100);
    }
    return { ready, data: seconds() };
  } finally {
    await system.stop();
  }
}
