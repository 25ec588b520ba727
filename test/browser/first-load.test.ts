import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WEB } from '../support/browser-tests.ts';

/** Bytes of script that a screen may ask for, as they are sent, before it can be read. */
const MOST_BYTES = 150_000;

const pages = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));

/** What the server sends of a file to a browser of today. */
function sentBytes(path: string): number {
  const packed = statSync(`${path}.br`, { throwIfNoEntry: false });
  return (packed ?? statSync(path)).size;
}

describe('the pages of the build', () => {
  it('are one for each screen', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['index.html', 'map.html', 'hubs.html', 'units/-.html', 'wall/-.html']),
    );
  });

  it.each(pages)('%s asks at once for scripts that are small together', (name) => {
    const html = readFileSync(join(WEB, name), 'utf8');
    const scripts = [...html.matchAll(/<link href="([^"]+\.js)" rel="modulepreload"/g)].map(([, path = '']) => path);
    expect(scripts.length).toBeGreaterThan(5);
    const bytes = scripts.reduce((sum, path) => sum + sentBytes(join(WEB, path)), 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});
