import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CANARY, CANARY_TEXT } from '../../../test/fixtures/feeds/samples.ts';
import type { MappingRunner } from './runner.ts';
import { createMappingRunner } from './worker-runner.ts';

const ASKED = { askedAt: '2026-09-14T08:30:00.000Z' };

let runner: MappingRunner;
const start = (limits: Parameters<typeof createMappingRunner>[0] = {}) => (runner = createMappingRunner(limits));
afterEach(() => runner.close());

const run = (expression: string, input: unknown = null) => runner.run(expression, input, ASKED);

describe('the mapping process', () => {
  it('gives what an expression comes to, as plain JSON', async () => {
    start();
    expect(await run('{ "n": $sum(a.b), "at": $askedAt }', { a: [{ b: 1 }, { b: 2 }] })).toMatchObject({
      ok: true,
      value: { n: 3, at: ASKED.askedAt },
    });
    expect(await run('nothing.here', {})).toMatchObject({ ok: true, value: undefined });
  });

  it("reads the product's clock, not the machine's", async () => {
    start();
    expect(await run('[$now(), $millis(), $now("[Y0001]-[M01]-[D01]")]')).toMatchObject({
      value: [ASKED.askedAt, Date.parse(ASKED.askedAt), '2026-09-14'],
    });
  });

  it.each([
    ['recursion without an end', '($f := function($x) { $f($x) }; $f(1))'],
    ['recursion that piles up', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['a catastrophic pattern', '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /^(a+)+$/)'],
    ['a range of ten million', '$sum([1..10000000].($ * $))'],
    ['lists multiplied', '$count([1..2000].($a := $; [1..2000].($a * $)))'],
    [
      'a text that doubles',
      '($f := function($s, $n) { $n = 0 ? $length($s) : $f($s & $s, $n - 1) }; $f("abcdefgh", 40))',
    ],
    ['an expression made of text', '$eval("($f := function($x) { $f($x) }; $f(1))")'],
    ['a text that is taken apart into too many', '$split($pad("x", 90000000, "ab"), "a")'],
    ['a padding of half a thousand million', '$pad("x", 500000000)'],
    ['a padding of a thousand million', '$length($pad("x", 1000000000))'],
  ])('ends %s, and nothing else', { timeout: 20_000 }, async (_, expression) => {
    start({ limitMs: 400, memoryMb: 64 });
    const [bad, good] = await Promise.all([run(expression), run('1 + 1')]);
    expect(bad).toMatchObject({ ok: false, why: expect.stringMatching(/^the mapping /) as string });
    expect(good).toMatchObject({ ok: true, value: 2 });
    expect(await run('2 + 2')).toMatchObject({ ok: true, value: 4 });
  });

  it('lets others pass while one that ran away is tried again and again', { timeout: 20_000 }, async () => {
    start({ limitMs: 300 });
    const away = '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /^(a+)+$/)';
    await run(away);
    // Whoever mapped it was ended; another stands.
    await run('1');
    const finished: string[] = [];
    const bad = [1, 2, 3].map(() => run(away).then(() => finished.push('bad')));
    const good = [1, 2, 3].map(() => run('1').then(() => finished.push('good')));
    await Promise.all([...bad, ...good]);
    // One after the other, each until its limit: whoever waited behind them would come last.
    expect(finished.slice(-2)).toEqual(['bad', 'bad']);
  });

  it.each([
    ['a function', 'function($x) { $x }', /function/],
    ['one of the engine', '{ "f": $sum }', /function/],
    ['something too deep', '($f := function($n) { $n = 0 ? 1 : [[$f($n - 1)]] }; { "x": $f(30) })', /deep/],
    ['too many values', '[1..199999].[$, $, $]', /large|long/],
    ['a text too large', '$pad("x", 5000000)', /large/],
  ])('refuses a result that is %s', async (_, expression, why) => {
    start();
    expect(await run(expression)).toMatchObject({ ok: false, why: expect.stringMatching(why) as string });
  });

  it('says what went wrong and where, and never what it held', async () => {
    start();
    const payload = { caller: CANARY_TEXT, list: [CANARY.nhsNumber] };
    const faults = await Promise.all(
      [
        '1 +\n  caller',
        '$number(caller)',
        '$error(caller)',
        '$assert(false, caller)',
        '$eval(caller)',
        '$toMillis(caller)',
        '(1',
        'caller ~> 3',
        '$lookup(caller, list) + list',
        '{ caller: 1, caller: 2 }.x + caller',
      ].map((e) => run(e, payload)),
    );
    expect(faults[0]).toMatchObject({
      why: 'the mapping does sums with something that is no number (T2002, line 1, character 3)',
    });
    for (const fault of faults) expect(fault.ok).toBe(false);
    for (const word of Object.values(CANARY)) expect(JSON.stringify(faults)).not.toContain(word);
  });

  it('reaches nothing outside its input', async () => {
    start();
    for (const name of ['$process', '$require', 'constructor', '__proto__', '$globalThis', '$fetch', 'toString'])
      expect(await run(`$type(${name})`, {})).toMatchObject({ ok: true, value: undefined });
    const results = await Promise.all(
      ['$sum.constructor("return 1")()', '{}.__proto__.polluted', '$ ~> |$|{"__proto__": {"polluted": true}}|'].map(
        (e) => run(e, {}),
      ),
    );
    expect(JSON.stringify(results)).not.toContain('process');
    expect(await run('polluted', {})).toMatchObject({ ok: true, value: undefined });
  });

  it('refuses an answer nested too deeply to hand over, and goes on', async () => {
    start();
    const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)) as unknown;
    expect(await run('$count($)', deep)).toMatchObject({ ok: false });
    expect(await run('1')).toMatchObject({ ok: true, value: 1 });
  });

  it('answers everything that waits when it is closed, and all that comes later', async () => {
    start();
    const waiting = [run('1'), run('2')];
    await runner.close();
    for (const result of await Promise.all([...waiting, run('3')])) expect(result.ok).toBe(false);
  });

  it('refuses at once what would wait in too long a queue', async () => {
    start({ longest: 2 });
    const results = await Promise.all(Array.from({ length: 6 }, () => run('1')));
    expect(results.filter(({ ok }) => !ok)).not.toHaveLength(0);
    expect(results.filter(({ ok }) => ok)).not.toHaveLength(0);
  });

  it.skipIf(process.platform !== 'linux')('ends with the server that was killed', { timeout: 20_000 }, async () => {
    const url = JSON.stringify(new URL('./worker-runner.ts', import.meta.url).href);
    const script = `import { createMappingRunner } from ${url};
      await createMappingRunner().run('1', null, ${JSON.stringify(ASKED)});
      console.log('up');
      setInterval(() => undefined, 1000);`;
    const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    await once(server.stdout, 'data');
    const children = () => readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim();
    const child = Number(children());
    expect(child).toBeGreaterThan(0);
    server.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(`/proc/${child}`)).toBe(false), { timeout: 10_000 });
  });

  it('keeps no process alive that has nothing else to do', async () => {
    start();
    const url = JSON.stringify(new URL('./worker-runner.ts', import.meta.url).href);
    const script = `import { createMappingRunner } from ${url};
      console.log((await createMappingRunner().run('6 * 7', null, ${JSON.stringify(ASKED)})).value);`;
    // Never closed: the time limit ends a process that stays.
    const options = { timeout: 20_000 };
    const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options);
    expect(ended.stdout).toBe('42\n');
  });
});
