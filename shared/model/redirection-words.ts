import { Literals } from './literals.ts';

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

/** Why a lead refuses; each with the words that are shown. */
export const REFUSALS = {
  'too-far': 'Too far for our patients',
  'not-suitable': 'Not suitable for who waits',
  'placed-already': 'They are placed already',
  'hub-needed': 'The hub is needed for others',
} as const;
export type Refusal = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly Refusal[];
export const RefusalSchema = Literals(REFUSAL_CODES);
