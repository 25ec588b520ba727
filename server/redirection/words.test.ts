import { describe, expect, test } from 'vitest';
import { fromInstant } from '#shared/model/time.ts';
import { saySentence } from './words.ts';

const about = {
  ...{ hub: 'Bolton hub', unit: 'Rumworth', slots: 12, km: 2.13 },
  from: fromInstant('2026-01-12T11:00:00Z'),
  to: fromInstant('2026-01-12T14:00:00Z'),
};

describe('the sentence of an offer', () => {
  test.each([
    [
      { urgent: 9, untriaged: 3 },
      { urgent: 11, untriaged: 6 },
      '**12 slots** at Bolton hub, 11am to 2pm, 2.1 km away: they would place **9 of 11** who wait at Rumworth without a slot and see **3** more callbacks and online requests.',
    ],
    [
      { soon: 12 },
      { soon: 20 },
      '**12 slots** at Bolton hub, 11am to 2pm, 2.1 km away: they would see **12** callbacks and online requests of Rumworth.',
    ],
    [
      { urgent: 4, soon: 1 },
      { urgent: 4, soon: 1 },
      '**12 slots** at Bolton hub, 11am to 2pm, 2.1 km away: they would place **4 of 4** who wait at Rumworth without a slot and see **1** more callback or online request.',
    ],
  ])('says whom it places, the urgent first', (placed, waiting, text) => {
    expect(saySentence({ ...about, placed, waiting })).toBe(text);
  });

  test('says by telephone where nobody has to travel', () => {
    expect(saySentence({ ...about, km: null, placed: { urgent: 1 }, waiting: { urgent: 1 } })).toContain(
      'by telephone',
    );
  });
});
