import type { RedirectionPolicy } from '#shared/model/redirection-policy.ts';

/** What a system goes by that has no redirection.yaml: what server/cli/templates/redirection.yaml says. */
export const OWN_POLICY: RedirectionPolicy = {
  version: 1,
  reason: 'As the product comes',
  objective: {
    place: {
      urgent: { value: 10, because: 'somebody has spoken to them, they need care today and have no slot' },
      untriaged: { value: 6, because: 'nobody has spoken to them: some are urgent, some need no slot at all' },
      soon: { value: 4, because: 'they asked online and can wait until tomorrow' },
      expected: { value: 5, because: 'they have not asked yet; when they do, today, most of them are urgent' },
    },
    perHour: { value: 0.4, because: 'a slot now is worth more than the same slot in the evening' },
    perKm: { value: 0.35, because: 'a longer way is harder for the ill, and more of them decline it' },
    own: { value: 1.5, because: 'the minutes were commissioned for the people of this neighbourhood' },
    keep: {
      value: 0.6,
      because: 'a lead who is reading an offer should find it unchanged unless another is clearly better',
    },
    deprived: { value: 0.15, because: 'need is greater and goes unmet sooner where people are most deprived' },
    owed: { value: 0.2, because: 'who has received little for their need in the last four weeks comes first' },
  },
  reach: {
    inPersonKm: 8,
    lend: 'place',
    keepBack: { value: 0.25, because: 'a hub that lends out all its slots has none when its own practices run out' },
  },
  notice: { inPerson: 45, remote: 20 },
  within: { urgent: 8, untriaged: 8, soon: 14, expected: 10 },
  lotMinutes: 120,
  answerMinutes: 20,
  holdMinutes: 60,
  keepMinutes: 30,
  endsBeforeMinutes: 15,
  quietMinutes: 60,
  hubs: [],
};
