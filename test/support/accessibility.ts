import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Puts axe into the page as it stands; again after every navigation. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(`window.axe ?? (() => { ${AXE} })()`);
}

/** What breaks WCAG 2.2 AA on the page, each rule with where. */
export async function wcagFaults(page: Page): Promise<readonly string[]> {
  await loadAxe(page);
  return page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(WCAG)} }).then((result) =>
    result.violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`);
}
