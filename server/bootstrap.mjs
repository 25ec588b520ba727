// The one file that runs on whatever Node the machine has, before anything is installed: plain JavaScript, no packages.
// It installs what is missing, builds the web pages when their sources changed, and hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const BIN = join(MODULES, '.bin');
const NODE = join(MODULES, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const INSTALLED = join(MODULES, '.headroom-stamp');
const BUILT = join(ROOT, 'web/build/.stamp');
const VERBS = ['start', 'dev', 'test', 'bench', 'headroom'];
const TAIL_LINES = 40;

/** A fault that is told in words; the process ends with 1. */
class Fault extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null);

function hashOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const entries = existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) add(inner);
      else if (!entry.name.endsWith('.test.ts')) hash.update(entry.name).update(readFileSync(inner));
    }
  };
  for (const path of paths) {
    if (/\.\w+$/.test(path)) hash.update(read(join(ROOT, path)) ?? '');
    else add(join(ROOT, path));
  }
  return hash.digest('hex');
}

/** Our programs first on the path, whoever called us; compiled sources kept between starts. */
function environment(extra = {}) {
  const compiled = join(MODULES, '.cache/headroom-node');
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiled,
    ...extra,
  };
}

/** Runs something quietly; its last lines are shown only when it fails. */
function quietly(what, command, args, env) {
  const done = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return;
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `\n${done.error.message}` : ''}`;
  throw new Fault(`${what} failed:\n${output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}`);
}

/** The npm that called us, by the Node that runs it; else the one on the path. */
function npm() {
  const { npm_execpath: script, npm_node_execpath: runner } = process.env;
  // Never by the Node within node_modules: installing takes that one away.
  const own = (path) => path === undefined || path.startsWith(MODULES) || !existsSync(path);
  if (script !== undefined && existsSync(script) && /\.c?js$/.test(script) && !own(runner)) return [runner, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** npm needs a cache it can write: without a home of one's own (containers, services) one in the temporary folder. */
function npmEnvironment() {
  const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return process.env;
  } catch {
    const user = process.getuid?.() ?? 'user';
    return { ...process.env, npm_config_cache: join(tmpdir(), `headroom-npm-${user}`) };
  }
}

function nodeWorks() {
  const said = existsSync(NODE) ? spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stdout : '';
  return said?.trim() === `v${JSON.parse(read(join(ROOT, 'package.json'))).dependencies.node}`;
}

function install() {
  const stamp = hashOf(['package-lock.json']);
  if (read(INSTALLED) === stamp && nodeWorks()) return;
  say('Installing packages. This takes a minute or two, once.');
  const [command, ...before] = npm();
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'];
  quietly('Installing packages (npm ci)', command, [...before, 'ci', ...flags], npmEnvironment());
  // Where install scripts are switched off, the package `node` is an empty shell: its own script fills it.
  if (!nodeWorks()) {
    const home = join(MODULES, 'node');
    const script = 'installArchSpecificPackage.js';
    spawnSync(process.execPath, [script], { cwd: home, env: npmEnvironment(), stdio: 'ignore' });
  }
  if (!nodeWorks()) {
    throw new Fault(
      `The package "node" did not bring its program to ${NODE}.\nIts install script was probably kept from running: try "npm rebuild node", or allow install scripts (npm config set ignore-scripts false).`,
    );
  }
  writeFileSync(INSTALLED, stamp);
}

function buildWeb() {
  const stamp = hashOf(['package-lock.json', 'web/vite.config.ts', 'web/src', 'web/static', 'shared']);
  if (read(BUILT) === stamp) return;
  say('Building the web pages.');
  rmSync(BUILT, { force: true });
  const vite = join(MODULES, 'vite/bin/vite.js');
  quietly('Building the web pages', NODE, [vite, 'build', '--config', 'web/vite.config.ts', 'web'], environment());
  writeFileSync(BUILT, stamp);
}

/**
 * Runs one of our programs in the foreground and ends as it ends. With `leash` it has a channel to us, and ends when we
 * are gone, whatever ended us.
 */
function handOver(script, args, { leash = false, cwd = ROOT } = {}) {
  const child = spawn(NODE, [join(ROOT, script), ...args], {
    cwd,
    env: environment(),
    stdio: leash ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // In a terminal everybody hears Ctrl-C; the supervisor knows to count it once.
      if (leash || signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (leash && process.env.npm_lifecycle_event !== undefined) endWithParent(child);
  child.once('error', (error) => {
    say(error.message);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

/** A killed npm says nothing to what it started. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 1000);
  timer.unref();
}

async function main([verb, ...args]) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Fault(`Headroom needs Node 20 or newer to install itself; this is ${process.version}.`);
  }
  if (!VERBS.includes(verb)) throw new Fault(`What to do? One of: ${VERBS.join(', ')}.`);
  // Relative paths are meant from where the person stands, not from where npm runs its scripts.
  const cwd =
    process.env.npm_lifecycle_event !== undefined && process.env.INIT_CWD ? process.env.INIT_CWD : process.cwd();
  install();
  if (verb === 'start' || verb === 'test') buildWeb();
  if (verb === 'start') handOver('server/supervisor/main.ts', args, { leash: true, cwd });
  if (verb === 'dev') handOver('server/supervisor/main.ts', ['--dev', ...args], { leash: true, cwd });
  if (verb === 'bench') handOver('test/bench/main.ts', args);
  if (verb === 'headroom') handOver('server/cli/main.ts', args, { cwd });
  if (verb === 'test') handOver('test/support/run-checks.ts', args);
}

main(process.argv.slice(2)).catch((error) => {
  say(error instanceof Fault ? error.message : (error.stack ?? String(error)));
  process.exit(1);
});
