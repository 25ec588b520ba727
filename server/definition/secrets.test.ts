import { expect, test } from 'vitest';
import { badReferences, isSecretInClear, secretInAddress } from './secrets.ts';

test.each([
  ['Authorization', 'Bearer abc.def', true],
  ['Authorization', 'Bearer ${TOKEN}', false],
  ['Authorization', '${TOKEN}', false],
  ['authorization', '${TOKEN}extra', true],
  ['X-Api-Key', '123', true],
  ['apikey', '123', true],
  ['Subscription-Token', '${KEY}', false],
  ['Accept', 'application/json', false],
  ['X-Tokenizer', 'plain', false],
])('header %s: %s in clear? %s', (name, value, expected) => {
  expect(isSecretInClear(name, value)).toBe(expected);
});

test.each([
  ['https://user:pass@host/x', 'a user name or password'],
  ['https://${USER}:${PASS}@host/x', null],
  ['https://host/x?api_key=abc', 'parameter "api_key"'],
  ['https://host/x?a=1&sig=abc', 'parameter "sig"'],
  ['https://host/x?token=${TOKEN}', null],
  ['https://host/x?status=free,busy', null],
])('address %s holds %s', (url, expected) => {
  expect(secretInAddress(url)).toBe(expected);
});

test('references are whole and in capitals', () => {
  expect(badReferences('${FEEDS_URL}/{ods}/${A1}')).toEqual([]);
  expect(badReferences('${feeds}/${}/${OPEN')).toEqual(['${feeds}', '${}', '${OPEN']);
});
