import { describe, expect, it } from 'vitest';
import { keepRecent, readRecent } from './recent.ts';

function store(text: string | null = null) {
  const kept = { text };
  return {
    getItem: () => kept.text,
    setItem: (_key: string, value: string) => void (kept.text = value),
  };
}

describe('what was gone to lately', () => {
  it('keeps the newest six, each once', () => {
    const kept = store();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'b']) keepRecent(kept, `unit:${id}`);
    expect(readRecent(kept)).toEqual(['unit:b', 'unit:g', 'unit:f', 'unit:e', 'unit:d', 'unit:c']);
  });

  it.each([null, '', '{', '"unit:a"', '[1, "other:x"]'])('takes what it cannot read for nothing: %s', (text) => {
    expect(readRecent(store(text))).toEqual([]);
  });

  it('does without storage that is refused', () => {
    const refused = {
      getItem: (): string => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    };
    expect(readRecent(refused)).toEqual([]);
    expect(() => keepRecent(refused, 'unit:a')).not.toThrow();
  });
});
