import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Programs that tests start keep what they compiled, as those of `npm start` do: without it each takes a second more. */
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/headroom-node', import.meta.url)) };

/** Unit tests sit beside their source; `test/` holds what crosses a boundary. Servers listen on port 0, so files may run side by side. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['server/**/*.test.ts', 'shared/**/*.test.ts', 'web/src/**/*.test.ts'],
          environment: 'node',
          // Pure for the most part: loading every module anew for each of 200 files costs more than the tests do.
          isolate: false,
          testTimeout: 20_000,
        },
        resolve: { alias: { $shared: fileURLToPath(new URL('./shared', import.meta.url)) } },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          // One real PostgreSQL a run; each file makes its own database in it.
          globalSetup: ['test/support/postgres-global.ts'],
          env,
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 90_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          env,
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
