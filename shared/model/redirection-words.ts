import { Literals } from './literals.ts';
import { REFUSAL_CODES } from './refusals.ts';

// The words stand in a file of their own: a page that offers them must not load the schema library for it.
export { REFUSAL_CODES, REFUSALS, type Refusal } from './refusals.ts';

/**
 * Who needs a slot. `urgent`: spoken to, needs one today and has none. `untriaged`: waits to be called back, nobody has
 * spoken to them. `soon`: asked online, within 48 hours. `expected`: will ask before the window ends, when none is left.
 */
export const NEED_KINDS = ['urgent', 'untriaged', 'soon', 'expected'] as const;
export const NeedKindSchema = Literals(NEED_KINDS);
export type NeedKind = (typeof NEED_KINDS)[number];

/**
 * `proposed`: worked out, nobody has decided. `holding`: accepted, the hub is being asked. `held`: set aside at the hub.
 * `fulfilled`: all booked, or some when the hold ended. `expired`: the hold ended with none booked, or nobody answered.
 * `released`: given back by a person. `refused`: by a person, with a reason. `failed`: the hub would not hold them.
 * `withdrawn`: overtaken by the board before anybody answered.
 */
export const REDIRECTION_STATES = [
  'proposed',
  'holding',
  'held',
  'fulfilled',
  'expired',
  'released',
  'refused',
  'failed',
  'withdrawn',
] as const;
export const RedirectionStateSchema = Literals(REDIRECTION_STATES);
export type RedirectionState = (typeof REDIRECTION_STATES)[number];

export const RefusalSchema = Literals(REFUSAL_CODES);
