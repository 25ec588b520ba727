/** Who declares for a site: roles by stable codes, never people. */
export const DECLARED_ROLES = {
  'practice-manager': 'practice manager',
  'deputy-manager': 'deputy manager',
  'gp-partner': 'GP partner',
  'duty-doctor': 'duty doctor',
  'clinical-lead': 'clinical lead',
  'reception-lead': 'reception lead',
  'hub-manager': 'hub manager',
  'shift-lead': 'shift lead',
  'on-call-manager': 'on-call manager',
  'network-manager': 'network manager',
  unstated: 'role not given',
} as const;
export type DeclaredRole = keyof typeof DECLARED_ROLES;

export const isDeclaredRole = (text: string): text is DeclaredRole => Object.hasOwn(DECLARED_ROLES, text);
