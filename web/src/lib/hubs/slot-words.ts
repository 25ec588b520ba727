import type { HubSlot } from '$shared/protocol/hubs';

/** SDS job roles as people say them; a code that is none of these is said as it came. */
const ROLES: Readonly<Record<string, string>> = {
  R0260: 'GP',
  R0270: 'GP registrar',
  R0600: 'nurse practitioner',
  R0620: 'nurse',
  R1290: 'pharmacist',
  R1490: 'paramedic',
  R0670: 'physiotherapist',
};
const ORDER = Object.keys(ROLES);

export const sayRole = (role: string | null): string => (role === null ? '' : (ROLES[role] ?? role));
export const roleRank = (role: string | null): number => {
  const rank = role === null ? -1 : ORDER.indexOf(role);
  return rank === -1 ? ORDER.length : rank;
};

/** `GP`, `nurse by telephone`; empty where the feed tells neither. */
export function sayKind({ role, channel }: Pick<HubSlot, 'role' | 'channel'>): string {
  const way = channel === null || channel === 'in-person' ? '' : channel === 'video' ? 'by video' : 'by telephone';
  return [sayRole(role), way].filter(Boolean).join(' ');
}
