import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OWN_POLICY } from '../domain/redirection/policy.ts';
import { createFaults } from './faults.ts';
import { readRedirection } from './redirection-file.ts';
import type { SiteRow } from './sites-file.ts';

const TEMPLATE = readFileSync(new URL('../cli/templates/redirection.yaml', import.meta.url), 'utf8');
const sites = [
  { id: 'H1', siteKind: 'hub' },
  { id: 'P1', siteKind: 'practice' },
] as unknown as readonly SiteRow[];

function read(text: string) {
  const faults = createFaults();
  const policy = readRedirection(text, { sites, groups: new Set(['east']) }, faults.of('redirection.yaml'));
  return { policy, faults: faults.all() };
}
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

describe('redirection.yaml', () => {
  test('as it comes says what the product goes by without it', () => {
    expect(read(TEMPLATE)).toEqual({ policy: OWN_POLICY, faults: [] });
  });

  test('knows its hubs and units, each once', () => {
    const text = TEMPLATE.replace(
      'hubs: []',
      'hubs:\n  - { hub: H1, only: [east, P1] }\n  - { hub: H2 }\n  - { hub: H1 }\n  - { hub: P1, only: [west] }',
    );
    const at = lineOf(text, '- { hub: H1, only');
    expect(read(text).faults.map(({ line, message }) => [line, message])).toEqual([
      [at + 1, '"H2" is no hub of sites.csv'],
      [at + 2, 'hub "H1" is there twice'],
      [at + 3, '"P1" is no hub of sites.csv'],
      [at + 3, 'hub "P1": "west" is no unit of this system'],
    ]);
  });

  test.each([
    [
      'a number without its reason',
      "own: { value: 1.5, because: 'the minutes",
      "own: { value: 1.5, cause: 'the minutes",
      'own:',
    ],
    ['a share above 1', 'keepBack: { value: 0.25', 'keepBack: { value: 1.25', '  keepBack: {'],
    ['a way of lending that there is not', 'lend: place', 'lend: everywhere', '  lend: '],
    ['urgent worth less than another', 'urgent: { value: 10', 'urgent: { value: 2', 'urgent: {'],
  ])('%s is a fault with its line', (_, from, to, place) => {
    const text = TEMPLATE.replace(from, to);
    expect(text).not.toBe(TEMPLATE);
    const { faults } = read(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.map(({ line }) => line)).toContain(lineOf(text, place));
  });
});
