import { readdir } from 'node:fs/promises';

/** `npm run bench [-- name]`: every file beside this one is a measurement; each prints JSON lines, its baseline in the same run. */
interface Bench {
  runBench(): Promise<void>;
}

const isBench = (module: unknown): module is Bench =>
  typeof module === 'object' && module !== null && 'runBench' in module && typeof module.runBench === 'function';

const files = (await readdir(import.meta.dirname))
  .filter((f) => f.endsWith('.ts') && !['main.ts', 'report.ts'].includes(f))
  .sort();
const names = files.map((f) => f.slice(0, -3));
const wanted = process.argv[2];
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`No measurement is called "${wanted}". There are: ${names.join(', ')}.`);
  process.exit(1);
}
for (const name of wanted === undefined ? names : [wanted]) {
  const module: unknown = await import(`./${name}.ts`);
  if (!isBench(module)) throw new Error(`test/bench/${name}.ts exports no runBench()`);
  await module.runBench();
}
