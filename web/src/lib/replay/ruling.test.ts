import { describe, expect, it } from 'vitest';
import type { RulesVersion } from '$shared/protocol/rules';
import { ruling } from './ruling.ts';

const at = (time: string) => Date.parse(`2026-01-12T${time}Z`);
const version = (id: string, from: string | null, until: string | null, current = false) =>
  ({ id, publishedAt: from && `2026-01-12T${from}Z`, until: until && `2026-01-12T${until}Z`, current }) as RulesVersion;

const versions = [
  version('3', '11:00:00', null, true),
  version('2', '09:00:00', '11:00:00'),
  version('never', '10:00:00', null),
  version('unknown', null, null),
];

describe('rules that were in force', () => {
  it('are those of the definition before any were written down', () => {
    const first = { ...version('1', '09:00:00', null, true), origin: 'file' } as RulesVersion;
    expect(ruling([first], at('08:59:00'))?.id).toBe('1');
  });

  it.each([
    ['08:59:59', undefined],
    ['09:00:00', '2'],
    ['10:59:59', '2'],
    ['11:00:00', '3'],
    ['18:00:00', '3'],
  ])('at %s', (time, id) => {
    expect(ruling(versions, at(time))?.id).toBe(id);
  });
});
