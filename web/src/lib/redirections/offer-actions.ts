import type { Refusal } from '$shared/model/refusals';
import type { Redirection } from '$shared/protocol/redirections';
import type { Asking } from './offer-desk.svelte.ts';

/** What a row can ask of the desk. */
export interface OfferActions {
  ask(redirection: Redirection, asking: Asking): void;
  askToHold(redirection: Redirection): void;
  notYet(): void;
  change(redirection: Redirection, practice: string, by: 1 | -1): void;
  hold(redirection: Redirection): Promise<void>;
  refuse(redirection: Redirection, reason: Refusal): Promise<void>;
  release(redirection: Redirection): Promise<void>;
  keep(redirection: Redirection): Promise<void>;
  fulfil(redirection: Redirection, booked: number): Promise<void>;
}
