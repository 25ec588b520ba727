import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { dispatch } from './dispatch.ts';

const VALID = fileURLToPath(new URL('../../test/fixtures/definition/valid', import.meta.url));

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await dispatch(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('help lists the verbs that there are', async () => {
  const { code, out } = await run('help');
  expect(code).toBe(0);
  expect(out).toContain('check <system id or folder>');
  expect(out).toContain('import definition <recipe.yaml>');
});

test('an unknown verb says what there is, and fails', async () => {
  const { code, err } = await run('chekc', '.');
  expect(code).toBe(2);
  expect(err).toContain('There is no verb "chekc".');
  expect(err).toContain('check <system id or folder>');
});

test('check says what a good definition holds', async () => {
  const { code, out } = await run('check', VALID);
  expect(code).toBe(0);
  expect(out).toMatch(/^Riverside: 2 places, 2 neighbourhoods, 4 practices, 1 hub, 7 sites in all, 7 feeds/);
});

test('check knows a system that ships by its id', async () => {
  const { code, out } = await run('check', 'sefton');
  expect(code).toBe(0);
  expect(out).toMatch(/^Sefton: /);
});

test('check prints each fault where an editor can jump to it, and fails', async () => {
  const { code, err } = await run('check', '/nowhere-at-all');
  expect(code).toBe(1);
  expect(err).toContain('/nowhere-at-all/system.yaml:1: the file is missing');
  expect(err).toContain('4 faults');
});

test.each([
  [['check'], 'Name one system'],
  [['import'], 'Say what to import'],
  [['import', 'definition'], 'Name one recipe'],
  [['import', 'definition', 'r.yaml'], 'Say --from and --to'],
  [['import', 'national', '--form', 'x'], '--form'],
])('%s is answered with the usage', async (args, says) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toContain(says);
  expect(err).toContain('Usage: headroom');
});

test('a database that does not answer is told in a line, without a trace', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://nobody:secret@127.0.0.1:1/none');
  try {
    const { code, err } = await run('migrate', VALID);
    expect(code).toBe(1);
    expect(err).toMatch(/^The database does not answer: .*ECONNREFUSED/);
    expect(err).not.toMatch(/secret|Usage/);
  } finally {
    vi.unstubAllEnvs();
  }
});
