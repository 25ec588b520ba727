import type { UnitDef } from '#shared/model/definition.ts';
import { canaryPhone } from '../canaries.ts';
import { codeOf } from '../directory.ts';
import { hash32 } from '../random.ts';
import type { Clinician } from '../world/slot-book.ts';

export const STU3 = 'https://fhir.nhs.uk/STU3';

const meta = (profile: string, ...parts: readonly string[]) => ({
  versionId: String(hash32(profile, ...parts)),
  profile: [`${STU3}/StructureDefinition/CareConnect-GPC-${profile}-1`],
});
const telecom = (site: UnitDef) => ({ system: 'phone', value: canaryPhone(site.id), use: 'work' });
const ADDRESS = { line: ['14 Canary Wharf Cottages', 'Boar Lane'], postalCode: 'ZZ99 9ZZ' };

export function practitionerStu3(clinician: Clinician) {
  return {
    meta: meta('Practitioner', clinician.key),
    identifier: [
      {
        system: 'https://fhir.nhs.uk/Id/sds-user-id',
        value: String(hash32(clinician.key, 'sds') % 1e12).padStart(12, '1'),
      },
    ],
    name: [{ family: clinician.family, given: [clinician.given], prefix: [clinician.prefix] }],
    gender: 'female',
  };
}

/** The place of the surgery, as the published example writes it: one address, one telecom, neither in a list. */
export function locationStu3(site: UnitDef, organization: string) {
  return {
    meta: meta('Location', site.id),
    name: site.name,
    address: ADDRESS,
    telecom: telecom(site),
    managingOrganization: { reference: `Organization/${organization}` },
  };
}

export function organizationStu3(site: UnitDef) {
  return {
    meta: meta('Organization', site.id),
    identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: codeOf(site) }],
    name: site.name,
    address: ADDRESS,
    telecom: telecom(site),
  };
}
