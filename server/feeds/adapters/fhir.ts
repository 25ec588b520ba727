import Type, { type Static } from 'typebox';
import { faultOfStatus, issueCode } from '../faults.ts';
import type { Redaction, Unreadable } from './adapter.ts';
import { CODE, compiled, isRecord, TIME } from './values.ts';

/** Only what is counted is named here; names, texts, comments and references to people are never read. */
export const ConceptSchema = Type.Object({
  coding: Type.Optional(
    Type.Array(Type.Object({ code: Type.Optional(Type.String()), display: Type.Optional(Type.String()) })),
  ),
  text: Type.Optional(Type.String()),
});
export type Concept = Static<typeof ConceptSchema>;

const WORD = /^[A-Za-z][A-Za-z-]{1,39}$/;
/** Structure, statuses, codes and times; what people are called and what they wrote is not named, so it is masked. */
export const FHIR_REDACTION: Redaction = {
  keeps: {
    resourceType: WORD,
    type: WORD,
    mode: WORD,
    relation: WORD,
    status: WORD,
    start: TIME,
    end: TIME,
    created: TIME,
    timestamp: TIME,
    lastUpdated: TIME,
    code: WORD,
    valueCode: WORD,
    odsCode: CODE,
  },
  links: ['id', 'fullUrl', 'reference'],
};

const SearchsetSchema = compiled(
  Type.Object({
    resourceType: Type.Literal('Bundle'),
    type: Type.Literal('searchset'),
    timestamp: Type.Optional(Type.Unknown()),
    entry: Type.Optional(Type.Array(Type.Unknown())),
    link: Type.Optional(Type.Unknown()),
  }),
);

export interface Searchset {
  readonly ok: true;
  readonly timestamp: unknown;
  readonly entries: readonly unknown[];
  /** Address of the next page, or null. */
  readonly next: string | null;
}

/** A searchset Bundle; no `entry` is a true empty result. `total` is not believed: BaRS counts includes in it. */
export function readSearchset(payload: unknown): Searchset | Unreadable {
  if (SearchsetSchema.Check(payload))
    return { ok: true, timestamp: payload.timestamp, entries: payload.entry ?? [], next: nextLink(payload.link) };
  if (isRecord(payload) && payload['resourceType'] === 'OperationOutcome') {
    const issue = issueCode(payload);
    if (issue === 'PROXY_NOT_FOUND')
      return { ok: false, state: 'not-onboarded', fault: faultOfStatus(404, issue).fault };
    return { ok: false, state: 'invalid', fault: `the feed reports an error of its own${issue ? ` (${issue})` : ''}` };
  }
  return { ok: false, state: 'invalid', fault: 'the answer is not a FHIR searchset' };
}

function nextLink(links: unknown): string | null {
  if (!Array.isArray(links)) return null;
  for (const link of links as unknown[])
    if (isRecord(link) && link['relation'] === 'next' && typeof link['url'] === 'string') return link['url'];
  return null;
}

/** The resource of an entry, or null where the entry holds none. */
export function resourceOf(entry: unknown): Readonly<Record<string, unknown>> | null {
  const resource = isRecord(entry) ? entry['resource'] : null;
  return isRecord(resource) ? resource : null;
}
