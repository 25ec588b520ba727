import type { MappingRunner } from './runner.ts';

export function createMappingRunner(): MappingRunner {
  return {
    run: () => Promise.resolve({ ok: false, why: 'mapped feeds are not spoken yet' }),
    close: () => Promise.resolve(),
  };
}
