import { describe, expect, it } from 'vitest';
import { changedFrom } from './published.ts';

const wait = { id: 'wait', cutoffs: [60, 180, 420], from: '08:00' };
const missed = { id: 'missed', cutoffs: [0.05, 0.1, 0.18] };
const published = { levels: [40, 62, 86], indicators: [wait, missed] };

describe('a value of a draft', () => {
  it('is as published until it is another', () => {
    expect(changedFrom(published, published, '/indicators/0/cutoffs/2')).toBeNull();
    const draft = { ...published, levels: [40, 55, 86], indicators: [{ ...wait, cutoffs: [60, 180, 900] }, missed] };
    expect(changedFrom(draft, published, '/indicators/0/cutoffs/2')).toEqual({ was: 420 });
    expect(changedFrom(draft, published, '/levels/1')).toEqual({ was: 62 });
    expect(changedFrom(draft, published, '/levels/2')).toBeNull();
  });

  it('is compared with the same indicator, wherever that stands', () => {
    const draft = { ...published, indicators: [missed, { ...wait, from: undefined }] };
    expect(changedFrom(draft, published, '/indicators/0/cutoffs/0')).toBeNull();
    expect(changedFrom(draft, published, '/indicators/1/from')).toEqual({ was: '08:00' });
  });

  it('was not set where the published rules have no such indicator', () => {
    const draft = { ...published, indicators: [{ ...wait, id: 'new' }] };
    expect(changedFrom(draft, published, '/indicators/0/cutoffs/0')).toEqual({ was: undefined });
  });
});
