import { expect, test } from 'vitest';
import { sampleDefinition } from '../simulator/sample.ts';
import { demonstrationSecrets } from './demonstration-secrets.ts';

const feeds = sampleDefinition().feeds.map((feed, i) => ({
  ...feed,
  auth:
    i === 0
      ? [{ type: 'bearer' as const, token: '${VOICE_TOKEN}' }]
      : i === 1
        ? [{ type: 'basic' as const, user: '${CARE_USER}', password: '${CARE_PASSWORD}' }]
        : [],
}));

test('every name by which a feed signs in gets a secret of its own, but for those that are set', () => {
  const secrets = demonstrationSecrets({ feeds }, { CARE_USER: 'headroom' });
  expect(Object.keys(secrets).sort()).toEqual(['CARE_PASSWORD', 'VOICE_TOKEN']);
  expect(new Set(Object.values(secrets)).size).toBe(2);
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(20);
});

test('they are others at every start', () => {
  const [one, two] = [demonstrationSecrets({ feeds }, {}), demonstrationSecrets({ feeds }, {})];
  expect(one['VOICE_TOKEN']).not.toBe(two['VOICE_TOKEN']);
});
