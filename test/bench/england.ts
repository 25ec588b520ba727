import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import WebSocket from 'ws';
import type { LiveFrame, View } from '#shared/protocol/live.ts';
import type { Part } from '../support/processes.ts';
import { startSystem, type RunningSystem } from '../support/running-system.ts';
import { report } from './report.ts';

const WATCH_MS = 90_000;
const TICKS_PER_SECOND = 100;

interface Load {
  readonly cpu: Readonly<Record<Part, number>>;
  readonly memoryMb: number;
  readonly snapshotKb: number;
  readonly overviewKb: number;
  readonly patchKb: number;
  readonly overviewPatchKb: number;
}

/**
 * England (every practice) at real speed through the 8am rush, against Greater Manchester in the same run: CPU share of
 * one core of each process, memory of the server, size of the snapshot and of the median patch.
 */
export async function runBench(): Promise<void> {
  const small = await loadOf('greater-manchester');
  const large = await loadOf('england');
  for (const part of ['server', 'simulator', 'database'] as const)
    report(`england-cpu-${part}`, large.cpu[part], 'share of a core', small.cpu[part]);
  report('england-memory-server', large.memoryMb, 'MB', small.memoryMb);
  report('england-snapshot-full', large.snapshotKb, 'kB', small.snapshotKb);
  report('england-snapshot-overview', large.overviewKb, 'kB', small.overviewKb);
  report('england-patch-full', large.patchKb, 'kB median', small.patchKb);
  report('england-patch-overview', large.overviewPatchKb, 'kB median', small.overviewPatchKb);
}

async function loadOf(id: string): Promise<Load> {
  const args = ['--system', id, '--speed', '1', '--fresh', '--from', '2026-01-12T08:05'];
  const system = await startSystem({ args, limitMs: 180_000 });
  try {
    await wait(20_000);
    const before = cpuOf(system);
    const [full, overview] = await Promise.all([watch(system.url, id, 'full'), watch(system.url, id, 'overview')]);
    const after = cpuOf(system);
    const share = (part: Part) => (after[part] - before[part]) / TICKS_PER_SECOND / (WATCH_MS / 1000);
    return {
      cpu: { server: share('server'), simulator: share('simulator'), database: share('database') },
      memoryMb: residentMb(system.pidOf('server')),
      snapshotKb: full.snapshot / 1000,
      overviewKb: overview.snapshot / 1000,
      patchKb: full.patch / 1000,
      overviewPatchKb: overview.patch / 1000,
    };
  } finally {
    await system.stop();
  }
}

/** Bytes of the snapshot and of the median patch that brought a unit, as a program on the plain WebSocket sees them. */
async function watch(url: string, scope: string, view: View): Promise<{ snapshot: number; patch: number }> {
  await request(`${url}/api/health/live`);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, { perMessageDeflate: false });
  let snapshot = 0;
  const patches: number[] = [];
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'subscribe', scope, view }));
  });
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as LiveFrame;
    if (frame.type === 'snapshot') snapshot += data.length;
    if (frame.type === 'patch' && frame.units.length > 0) patches.push(data.length);
  });
  await wait(WATCH_MS);
  socket.terminate();
  const sorted = patches.sort((a, b) => a - b);
  return { snapshot, patch: sorted[Math.floor(sorted.length / 2)] ?? 0 };
}

/** User and system time so far of each part with the processes beneath it, in clock ticks. */
function cpuOf(system: RunningSystem): Record<Part, number> {
  const ticks = (part: Part) =>
    system.pidsOf(part).reduce((sum, pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return sum + Number(fields[11]) + Number(fields[12]);
    }, 0);
  return { server: ticks('server'), simulator: ticks('simulator'), database: ticks('database') };
}

function residentMb(pid: number | null): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
}
