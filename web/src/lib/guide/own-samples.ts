import type { OwnPreview } from '$shared/protocol/redirections';
import { HOUR } from '$shared/model/time';
import { AT, redirectionOf } from '../redirections/fixture.ts';
import { OwnDesk } from '../redirections/own-desk.svelte.ts';

type Chance = OwnPreview['practices'][number];
type Standing = Partial<Pick<OwnDesk, 'preview' | 'asking' | 'busy' | 'said'>> & {
  readonly counts?: Readonly<Record<string, number>>;
};

const chance = (practice: string, name: string, most: number, given: Partial<Chance> = {}): Chance => ({
  ...{ practice, name, unit: 'rumworth', unitName: 'Rumworth', km: 2.1, own: true, most, why: '' },
  waiting: { urgent: 3, soon: 2 },
  ...given,
});
const CAN = [
  chance('swan-lane', 'Swan Lane Medical Centre', 18, { waiting: { urgent: 6, soon: 3 } }),
  chance('st-helens', 'St Helens Road Practice', 18, { km: 2.4 }),
  chance('pikes-lane', 'Pikes Lane 1', 2, { km: 1.8, waiting: { urgent: 2, soon: 1 } }),
  chance('halliwell', 'Halliwell Surgery and Community Diagnostic Centre', 3, {
    ...{ unitName: 'Bolton North', km: 5.2, own: false },
  }),
  chance('dunstan', 'Dunstan Medical Centre', 18, { unitName: 'Breightmet', km: null, waiting: null }),
];
const cannot = (practice: string, name: string, why: string): Chance =>
  chance(practice, name, 0, { why, own: false, km: 11.4 });
const CANNOT = [
  cannot('ashton', 'Ashton Medical Group', 'further than 8 km'),
  cannot('hyde', 'Clarendon Medical Centre', 'further than 8 km'),
  cannot('leigh', 'Leigh Family Practice', 'the hub is kept for others'),
];
const previewOf = (given: Partial<OwnPreview> = {}): OwnPreview => ({
  ...{ hub: 'hub', hubName: 'Bolton Hub', from: AT, to: AT + 4 * HOUR, free: 18, lendable: 3 },
  ...{ practices: [...CAN, ...CANNOT], redirection: null, problem: '' },
  ...given,
});
const chosen = previewOf({ redirection: redirectionOf() });
const SOME = { 'swan-lane': 7, 'st-helens': 4, 'pikes-lane': 2 };

const later = async () => null;
const nothing = () => undefined;
/** A desk that stands as it is told: nothing is asked of a server, and no press changes it. */
const deskOf = ({ counts = {}, ...given }: Standing): OwnDesk =>
  Object.assign(new OwnDesk('hub', { from: AT, to: AT + 4 * HOUR }), {
    ...{ preview: chosen, counts: new Map(Object.entries(counts)), hold: later },
    ...{ change: nothing, ask: nothing, notYet: nothing },
    ...given,
  });

/** An offer of one's own in each of its states. */
export const OWN_DESKS: readonly (readonly [name: string, desk: OwnDesk, blocked?: string])[] = [
  ['nobody chosen', deskOf({ preview: previewOf() })],
  ['chosen', deskOf({ counts: { 'swan-lane': 9, 'st-helens': 4 } })],
  ['no more for a practice', deskOf({ counts: { ...SOME, halliwell: 3 } })],
  ['no more at the hub', deskOf({ counts: { ...SOME, 'swan-lane': 12 } })],
  ['asks to hold', deskOf({ counts: SOME, asking: { available: null } })],
  ['asking the hub', deskOf({ counts: SOME, asking: { available: null }, busy: true })],
  ['fewer left than wanted', deskOf({ counts: SOME, asking: { available: 9 } })],
  [
    'cannot be so',
    deskOf({
      counts: { halliwell: 3 },
      preview: previewOf({
        problem:
          'Halliwell Surgery and Community Diagnostic Centre can have 2 of 3: the hub keeps the others for its own practices',
      }),
    }),
  ],
  ['refused', deskOf({ counts: SOME, said: 'The hub would not hold them: its system said no.' })],
  ['nobody to offer to', deskOf({ preview: previewOf({ practices: CANNOT }) })],
  ['not live', deskOf({ counts: SOME }), 'Not live since 9:38am'],
  ['working it out', deskOf({ preview: null })],
  ['not worked out', deskOf({ preview: null, said: 'What it would do cannot be worked out just now.' })],
];
