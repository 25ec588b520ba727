import { watch } from 'node:fs';
import { join } from 'node:path';
import { openLogFile } from './log-file.ts';
import { startChild } from './node-child.ts';
import { PROJECT } from './options.ts';
import type { Prepared } from './prepare.ts';

const SETTLE_MS = 200;
const WEB_PORT = 5173;
/** Vite knows nothing of us: it ends when the channel closes. */
const LEASH = '--import=data:text/javascript,process.once("disconnect",()=>process.exit(0))';

/** `npm run dev`: web pages with reload on their own port, and a server that is started again when its sources change. */
export async function startDevelopment(deps: {
  readonly url: string;
  readonly renewServer: () => void;
  readonly say: (line: string) => void;
  readonly prepared: Prepared;
}): Promise<() => Promise<void>> {
  const vite = await startChild({
    script: join(PROJECT, 'node_modules/vite/bin/vite.js'),
    args: ['dev', '--config', 'web/vite.config.ts', '--port', String(WEB_PORT), '--host', '127.0.0.1', 'web'],
    flags: [LEASH],
    cwd: PROJECT,
    env: { ...process.env, HEADROOM_SERVER: deps.url },
    log: openLogFile(join(deps.prepared.folder, 'logs/web.log')),
    readyLimitMs: 0,
    silent: true,
  });
  let timer: NodeJS.Timeout | null = null;
  const watchers = ['server', 'shared'].map((folder) =>
    watch(join(PROJECT, folder), { recursive: true }, (_, name) => {
      if (name === null || !/\.(ts|yaml|csv|json)$/.test(name) || name.endsWith('.test.ts')) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(deps.renewServer, SETTLE_MS);
    }),
  );
  deps.say(`Web pages with reload: http://127.0.0.1:${WEB_PORT} (log: ${deps.prepared.folder}/logs/web.log)`);
  return async () => {
    if (timer !== null) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    await vite.stop();
  };
}
