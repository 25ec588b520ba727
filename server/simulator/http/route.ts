import type { AdapterName, UnitDef } from '#shared/model/definition.ts';
import type { Moment } from '../simulation.ts';
import { FHIR_ERRORS, codeOfStatus, outcomeOf } from '../wire/operation-outcome.ts';
import { FHIR_TYPE, jsonAnswer, type Answer } from './exchange.ts';

/** A path of a supplier, understood: who is asked, for which site, and how the answer is made. */
export interface FeedRoute {
  readonly supplier: string;
  readonly adapter: AdapterName;
  /** Null for a document of many sites. */
  readonly site: UnitDef | null;
  /** Practices whose day the answer needs, and those of which yesterday's totals are needed. */
  readonly needs: readonly UnitDef[];
  readonly needsTotals: readonly UnitDef[];
  readonly answer: (moment: Moment) => Answer;
  /** Answering changes the world: it is done once, at the present moment. */
  readonly writes?: true;
  /** How this supplier words an error; `code` where a script wants its own. */
  readonly refuse: (status: number, code?: string) => Answer;
}

/** What a request brings besides its headers. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

const JSON_ERRORS: Readonly<Record<number, string>> = {
  401: 'UNAUTHORISED',
  404: 'NOT_FOUND',
  429: 'TOO_MANY_REQUESTS',
};

export const refuseJson = (status: number) => jsonAnswer({ error: JSON_ERRORS[status] ?? 'UNAVAILABLE' }, status);

export const refuseFhir = (status: number, code?: string): Answer => {
  const usual = codeOfStatus(status);
  const diagnostics = status === 429 ? 'too many requests' : 'the receiver does not answer this';
  return { status, type: FHIR_TYPE, body: () => outcomeOf(code ?? usual, FHIR_ERRORS[usual].issue, diagnostics) };
};
