import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

/** `npm test`: every check, a table of what ran, and one last line `N passed, N failed`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A project of vitest: its tests are counted one by one. */
  readonly project?: string;
}

interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why, for the end of the output: all that a truncated log may keep. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

const project = (name: string): Check => ({ name: `${name} tests`, command: 'vitest', args: [], project: name });
/** The longest first: what is short fills the gaps at the end. */
const CHECKS: readonly Check[] = [
  project('browser'),
  project('integration'),
  project('unit'),
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'web types', command: 'svelte-check', args: ['--workspace', 'web', '--tsconfig', './tsconfig.json'] },
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'rooms',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'server', 'shared', 'web/src', 'test'],
  },
  { name: 'service worker types', command: 'tsc', args: ['-p', 'web/src/service-worker'] },
];

const ReportSchema = Type.Object({
  numPassedTests: Type.Integer(),
  numFailedTests: Type.Integer(),
  numPendingTests: Type.Integer(),
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      message: Type.String(),
      assertionResults: Type.Array(
        Type.Object({ status: Type.String(), fullName: Type.String(), failureMessages: Type.Array(Type.String()) }),
      ),
    }),
  ),
});
type Report = Static<typeof ReportSchema>;

const FAULTS = 10;
const FAULT_LINES = 12;

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules/.bin', command), [...args], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Says what came of it when it is over: several run at once, and what each says stays together. */
async function runCheck(check: Check, folder: string): Promise<Outcome> {
  const began = performance.now();
  const { output, ...counts } = await (check.project === undefined
    ? runPlain(check)
    : runProject(check.project, folder));
  const outcome = { name: check.name, ...counts, seconds: (performance.now() - began) / 1000 };
  if (counts.failed > 0) say(`\n── ${check.name}\n${output.trimEnd()}`);
  say(lineOf(outcome));
  return outcome;
}

async function runPlain({ command, args }: Check) {
  const { code, output } = await run(command, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, faults: [], output };
}

async function runProject(name: string, folder: string) {
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  // One file at a time: another check runs beside it.
  const { code, output } = await run('vitest', ['run', '--project', name, '--maxWorkers=1', ...reporters]);
  let body: unknown = null;
  try {
    body = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // Nothing written: it fell over before the first test, and counts as one failure below.
  }
  if (!Value.Check(ReportSchema, body)) {
    return { passed: 0, failed: 1, skipped: 0, faults: [`${name}: no report`], output };
  }
  // A file that cannot even be loaded holds no test that could fail.
  const broken = body.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
  const failed = body.numFailedTests + broken;
  return {
    passed: body.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: body.numPendingTests,
    faults: faultsOf(body),
    output,
  };
}

function faultsOf({ testResults }: Report): string[] {
  return testResults.flatMap((file) =>
    file.status === 'failed' && file.assertionResults.length === 0
      ? [fault(relative(ROOT, file.name), file.message)]
      : file.assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => fault(`${relative(ROOT, file.name)}: ${test.fullName}`, test.failureMessages.join('\n'))),
  );
}

function fault(what: string, why: string): string {
  const lines = stripVTControlCharacters(why).split('\n').slice(0, FAULT_LINES);
  return [what, ...lines.map((line) => `    ${line}`)].join('\n');
}

function lineOf({ name, passed, failed, skipped, seconds }: Outcome): string {
  const width = Math.max(...CHECKS.map((check) => check.name.length));
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  const verdict = failed === 0 ? ' ok ' : 'FAIL';
  return `${verdict}  ${name.padEnd(width)}  ${passed} passed, ${failed} failed${left}  ${seconds.toFixed(1)} s`;
}

/** As many at once as there are cores: what waits for a screen or a process leaves its core to what computes. */
async function runAll(checks: readonly Check[], folder: string): Promise<Outcome[]> {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) outcomes.push(await runCheck(check, folder));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return outcomes;
}

const wanted = process.argv.slice(2);
const checks = CHECKS.filter((c) => wanted.length === 0 || wanted.includes(c.name) || wanted.includes(c.project ?? ''));
const folder = mkdtempSync(join(tmpdir(), 'headroom-checks-'));
let outcomes: Outcome[] = [];
try {
  outcomes = await runAll(checks, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const passed = outcomes.reduce((sum, o) => sum + o.passed, 0);
const failed = outcomes.reduce((sum, o) => sum + o.failed, 0);
const faults = outcomes.flatMap((o) => o.faults);
for (const text of faults.slice(0, FAULTS)) say(`\n✗ ${text}`);
say(`\n${outcomes.map(lineOf).join('\n')}\n`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && outcomes.length > 0 ? 0 : 1;
