import type { Unit } from '$shared/model/unit';
import { sayNumber, sayShare } from '../format/numbers.ts';
import { levelOf, shownAt, urgency, type Quarter, type Shown } from './moment.ts';

/** What the colour of a map says. */
export const COLOURINGS = ['level', 'coverage', 'patients'] as const;
export type Colouring = (typeof COLOURINGS)[number];
export const COLOURING_NAMES: Readonly<Record<Colouring, string>> = {
  level: 'Level',
  coverage: 'Coverage',
  patients: 'Patients',
};

export function isColouring(text: string | null): text is Colouring {
  return COLOURINGS.some((each) => each === text);
}

/** How one mark is painted: a class, and the sign in it where there is one. */
export interface Paint {
  readonly look: string;
  readonly sign: string;
  /** In words, for the read-out and the name of the mark. */
  readonly words: string;
}

const LOOKS: Readonly<Record<Exclude<Shown, number>, string>> = { unknown: 'l0', closed: 'closed', none: 'none' };
const WORDS: Readonly<Record<Shown, string>> = {
  1: 'level 1, normal',
  2: 'level 2, moderate',
  3: 'level 3, severe',
  4: 'level 4, extreme',
  unknown: 'level unknown',
  closed: 'closed',
  none: 'nothing recorded',
};

export function paintLevel(shown: Shown): Paint {
  const level = levelOf(shown);
  const sign = shown === 'unknown' ? '?' : level !== null && level >= 3 ? String(level) : '';
  return { look: typeof shown === 'number' ? `l${shown}` : LOOKS[shown], sign, words: WORDS[shown] };
}

/** Share of patients that report, in five steps; below each bound the next lower one. */
export const COVERAGE_STEPS = [0.999, 0.95, 0.8, 0.5] as const;

export function paintCoverage(unit: Unit): Paint {
  const step = COVERAGE_STEPS.findIndex((bound) => unit.coverage >= bound);
  const look = unit.coverage === 0 ? 'l0' : `c${step === -1 ? COVERAGE_STEPS.length : step}`;
  const sign = unit.coverage === 0 ? '?' : unit.coverage < 0.999 ? `${Math.round(unit.coverage * 100)}` : '';
  return { look, sign, words: `${sayShare(unit.coverage)} of patients in view` };
}

/** In four steps by the share of the largest. */
export function paintPatients(unit: Unit, most: number): Paint {
  if (unit.population === null) return { look: 'closed', sign: '', words: 'no registered patients' };
  const step = Math.min(3, Math.floor((unit.population / Math.max(1, most)) * 4));
  return { look: `p${step}`, sign: '', words: `${sayNumber(unit.population)} patients` };
}

export function paintOf(colouring: Colouring, unit: Unit, quarter: Quarter, most: number): Paint {
  // Of an earlier quarter hour only the levels are known.
  if (colouring === 'patients') return paintPatients(unit, most);
  return colouring === 'coverage' && quarter === null ? paintCoverage(unit) : paintLevel(shownAt(unit, quarter));
}

/** How much a unit asks to be named first, by what the colour says: level 3 from 3000 on, percent not known, patients. */
export function rankOf(colouring: Colouring, unit: Unit, quarter: Quarter): number {
  if (colouring === 'patients') return unit.population ?? 0;
  if (colouring === 'coverage') return (1 - unit.coverage) * 100;
  return urgency(shownAt(unit, quarter)) * 1000 + (quarter === null ? (unit.score ?? 0) : 0);
}
