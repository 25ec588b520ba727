/** Why a site's people declare a level: stable codes, so that no free text (which may name a person) travels. */
export const DECLARED_REASONS = {
  demand: 'more contacts than usual',
  'clinical-staff': 'clinical staff missing',
  'reception-staff': 'reception staff missing',
  telephony: 'telephones down',
  'clinical-system': 'clinical system down',
  premises: 'premises cannot be used',
  'care-homes': 'care homes need visits',
  'nhs111-surge': 'more referrals from 111',
  'other-services': 'other services closed or full',
  'stood-down': 'back to usual',
  unstated: 'no reason given',
} as const;
export type DeclaredReason = keyof typeof DECLARED_REASONS;

export const isDeclaredReason = (text: string): text is DeclaredReason => Object.hasOwn(DECLARED_REASONS, text);
