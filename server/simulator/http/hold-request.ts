import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { EpochMs } from '#shared/model/time.ts';
import { HOLD_URL } from '../wire/hold-bundle.ts';
import { entriesOutcome, type EntryFault } from '../wire/operation-outcome.ts';
import type { OutsideChange } from '../world/outside.ts';
import { instant } from './bars-request.ts';
import { FHIR_TYPE, fhirError, type Answer } from './exchange.ts';

const MOST_ENTRIES = 100;
const LONGEST_KEY = 200;

const PartSchema = Type.Object({
  url: Type.String(),
  valueString: Type.Optional(Type.String({ maxLength: LONGEST_KEY })),
  valueInstant: Type.Optional(Type.String()),
  valueCode: Type.Optional(Type.String({ maxLength: LONGEST_KEY })),
});
const EntrySchema = Type.Object({
  resource: Type.Object({
    resourceType: Type.Literal('Slot'),
    id: Type.String({ minLength: 1 }),
    status: Type.Union([Type.Literal('busy-tentative'), Type.Literal('free')]),
    extension: Type.Array(Type.Object({ url: Type.String(), extension: Type.Optional(Type.Array(PartSchema)) })),
  }),
  request: Type.Object({ method: Type.Literal('PUT'), url: Type.String(), ifMatch: Type.String() }),
});
const Transaction = Compile(
  Type.Object({
    resourceType: Type.Literal('Bundle'),
    type: Type.Literal('transaction'),
    entry: Type.Array(EntrySchema, { minItems: 1, maxItems: MOST_ENTRIES }),
  }),
);

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** One slot that a caller wants to hold or to give back, and the version of it that the caller has seen. */
export interface AskedChange {
  readonly id: string;
  readonly version: number;
  readonly change: Without<OutsideChange, 'slot'>;
}

export const entriesError = (
  code: Parameters<typeof entriesOutcome>[0],
  faults: readonly EntryFault[],
  status: number,
) => ({
  status,
  type: FHIR_TYPE,
  body: () => entriesOutcome(code, faults),
});

/** The changes that a transaction asks for, or the answer to one that is none. `now`: a hold must end later. */
export function askedChanges(body: string, now: EpochMs): readonly AskedChange[] | Answer {
  const bundle = parse(body);
  if (!Transaction.Check(bundle)) {
    const most = String(MOST_ENTRIES);
    return fhirError('SEND_BAD_REQUEST', `the body is no transaction of 1 to ${most} slots to hold or to free`);
  }
  const seen = new Set<string>();
  const faults: EntryFault[] = [];
  const asked = bundle.entry.flatMap((given, entry): AskedChange[] => {
    const change = seen.has(given.resource.id) ? 'the slot is named twice' : read(given, now);
    seen.add(given.resource.id);
    if (typeof change !== 'string') return [change];
    faults.push({ entry, diagnostics: change });
    return [];
  });
  return faults.length > 0 ? entriesError('SEND_BAD_REQUEST', faults, 400) : asked;
}

/** The change that an entry asks for, or what is wrong with it. */
function read({ resource, request }: Static<typeof EntrySchema>, now: EpochMs): AskedChange | string {
  const { id, status } = resource;
  if (request.url !== `Slot/${id}`) return 'request.url is not the resource’s';
  const version = /^W\/"(\d{1,9})"$/.exec(request.ifMatch)?.[1];
  if (version === undefined) return 'request.ifMatch is no version';
  const parts = resource.extension.find((extension) => extension.url === HOLD_URL)?.extension ?? [];
  const part = (name: string) => parts.find((one) => one.url === name);
  const key = part('key')?.valueString ?? '';
  if (key === '') return 'the hold has no key';
  if (status === 'free') return { id, version: Number(version), change: { becomes: 'free', key } };
  const until = instant(part('until')?.valueInstant);
  const code = part('for')?.valueString ?? '';
  if (until === null || until <= now) return 'the hold says no time to come until which it stands';
  if (code === '') return 'the hold does not say for whom';
  const need = part('need')?.valueCode;
  const held = { becomes: 'held', key, until, for: code, ...(need === undefined ? {} : { need }) } as const;
  return { id, version: Number(version), change: held };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
