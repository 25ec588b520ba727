import type { FeedCause } from '#shared/protocol/feeds.ts';
import type { Trouble } from './marks.ts';

/** Whose system it is that fails: a supplier's as a whole, or that of one site behind it. */
export type Subject = 'supplier' | 'hub' | 'practice' | 'service';

const WHO: Readonly<Record<Subject, readonly [is: string, has: string]>> = {
  supplier: ['The supplier', 'The supplier’s'],
  hub: ['The hub’s system', 'The hub’s'],
  practice: ['The practice’s system', 'The practice’s'],
  service: ['The service’s system', 'The service’s'],
};

interface Words {
  /** `{who}` is "The supplier", `{whose}` "The supplier’s". */
  readonly title: string;
  /** After a name, in the sentence: "Oldham telephony **has not answered**". */
  readonly verb: string;
  readonly owner: 'ours' | 'theirs' | 'itself';
  /** What we do about it; absent where somebody else is to be called. */
  readonly ours?: string;
  /** The second line; absent: when it is asked again. */
  readonly more?: string;
  readonly action: FeedCause['action'];
}

const theirs = (title: string, verb: string, action: FeedCause['action'] = 'poll', more?: string): Words => ({
  title,
  verb,
  owner: 'theirs',
  action,
  ...(more === undefined ? {} : { more }),
});
const ours = (title: string, verb: string, what: string, action: FeedCause['action'] = 'poll'): Words => ({
  title,
  verb,
  owner: 'ours',
  ours: what,
  action,
});

const UNREADABLE = 'Its last good figures stand for now.';
const REST_COUNTS = 'The rest of each answer counts.';

/** Null: no trouble, or none that is told as a cause. */
const WORDS: Readonly<Record<Trouble, Words | null>> = {
  ok: null,
  'never-polled': null,
  'not-onboarded': null,
  'poller-stopped': null,
  late: theirs('{whose} data come late', 'has been late'),
  'missing-site': theirs('Left out of {whose} answers', 'has been left out of the answers', 'answer', REST_COUNTS),
  'partly-rejected': theirs('Some records are refused', 'has sent records that are refused', 'records', REST_COUNTS),
  duplicate: theirs('Records come twice', 'has sent records twice', 'records', 'The first of each counts.'),
  'clock-off': theirs('{whose} clock is wrong', 'has had a wrong clock', 'answer', 'Ages go by our clock until then.'),
  'stale-cache': theirs('{who} sends an old copy', 'has sent an old copy', 'answer'),
  'out-of-order': theirs('Older data come after newer', 'has sent older data after newer', 'answer'),
  timeout: theirs('{who} does not answer', 'has not answered'),
  'too-slow': theirs('{who} answers too slowly', 'has answered too slowly'),
  'receiver-timeout': theirs('{who} does not answer (408)', 'has not answered'),
  refused: theirs('{who} refuses the connection', 'has refused the connection'),
  reset: theirs('{who} breaks off the connection', 'has broken off the connection'),
  dns: ours('{whose} address is not found', 'has not been found', 'check the address in feeds.yaml.'),
  tls: theirs('No secure connection', 'has given no secure connection'),
  'tls-expired': theirs('{whose} certificate has expired', 'has had no valid certificate'),
  'tls-mismatch': theirs('{who} shows another’s certificate', 'has shown another’s certificate'),
  unauthorised: ours('Our sign-in was refused (401)', 'has refused our sign-in', 'renew our key or password.'),
  forbidden: ours('We are not allowed in (403)', 'has not let us in', 'ask for access for this feed.'),
  'not-found': ours('Nothing is at that address (404)', 'has not been found', 'check the address in feeds.yaml.'),
  throttled: {
    title: 'We ask too often (429)',
    verb: 'has held us back',
    owner: 'itself',
    ours: 'Nothing: polls spread out.',
    action: 'none',
  },
  'server-error': theirs('A fault in {whose} system (500)', 'has failed'),
  unavailable: theirs('{who} is down (503)', 'has been down'),
  'unexpected-status': theirs('{who} answers unexpectedly', 'has answered unexpectedly', 'answer'),
  redirected: ours('{who} sends us elsewhere', 'has sent us elsewhere', 'check the address in feeds.yaml.'),
  'wrong-type': theirs('Answers are of another type', 'has sent something else', 'answer', UNREADABLE),
  damaged: theirs('Answers come damaged', 'has sent damaged answers', 'answer', UNREADABLE),
  malformed: theirs('Answers cannot be read', 'has sent nothing readable', 'answer', UNREADABLE),
  invalid: theirs('Answers are not as agreed', 'has sent nothing valid', 'records', UNREADABLE),
  'mapping-failed': ours('Our mapping fails', 'has not been understood', 'correct the mapping.', 'records'),
  'too-large': ours(
    'Answers are too large',
    'has sent too much',
    'raise the limit in feeds.yaml, or ask for less.',
    'answer',
  ),
  blocked: ours('The address is not allowed', 'has not been asked', 'allow the address, or set what it names.', 'none'),
  paused: ours('Paused by us', 'has been paused by us', 'resume it when the reason is gone.', 'resume'),
};

export const wordsOf = (trouble: Trouble): Words | null => WORDS[trouble];

export const titleOf = (trouble: Trouble, subject: Subject): string => {
  const [who, whose] = WHO[subject];
  const title = (WORDS[trouble]?.title ?? '').replace('{who}', who).replace('{whose}', whose);
  // Within a title the article is small: "Left out of the supplier’s answers".
  return title.replace(/(\s)The\b/g, '$1the');
};
