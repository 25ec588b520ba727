import type { UnitDef } from '#shared/model/definition.ts';
import type { DeclaredReason } from '#shared/model/declared-reasons.ts';
import { createRandom, trait } from '../random.ts';
import { CALLBACK, MISSED } from './call-profile.ts';
import type { PracticeCalls } from './calls.ts';
import { wallSeconds, type Day } from './day.ts';
import type { SiteEffects } from './effects.ts';

/** A level that people at a practice have declared; wall seconds. `until` null: nobody said. */
export interface Declaration {
  readonly at: number;
  readonly until: number | null;
  /** 1 to 4. */
  readonly level: number;
  readonly reason: DeclaredReason;
  readonly role: string;
}

const OPEN = wallSeconds('08:00');
const CLOSE = wallSeconds('18:30');
const HALF_HOUR = 1800;
/** Share of the practices that never declare, however hard their day. */
const NEVER = 0.35;
/** Share of the callers of a half hour who did not get through, or were put off, from which it is strained, by level. */
const STRAINED = [0.42, 0.55, 0.7];
/** A half hour with fewer calls says nothing. */
const LEAST_CALLS = 12;
const ROLES = ['practice-manager', 'duty-doctor', 'reception-lead', 'clinical-lead'];

/**
 * What the practice declares on the day: late (somebody has to think of it), a level off at times, often not stood down,
 * and at a third of the practices nothing ever. At most one declaration holds at a time.
 */
export function createDeclarations(
  site: UnitDef,
  day: Day,
  calls: PracticeCalls | null,
  effects: SiteEffects,
  seed: number,
): Declaration[] {
  if (day.weekday > 5 || day.bankHoliday || trait(seed, site.id, 'never-declares') < NEVER) return [];
  const random = createRandom(seed, day.date, site.id, 'declared');
  const strain = calls ? strainByHalfHour(calls) : [];
  const away = Math.max(0, ...effects.absences.map((event) => event.share));
  const down = effects.phonesDown[0];
  const first = strain.findIndex((level) => level > 0);
  const begins = Math.min(
    first < 0 ? Infinity : OPEN + first * HALF_HOUR,
    away > 0.35 ? OPEN : Infinity,
    down?.start ?? Infinity,
  );
  const worst = Math.max(0, ...strain, away > 0.35 ? 2 : 0, down ? 3 : 0);
  if (worst === 0) return [];
  const at = Math.floor(begins + 900 + random.exponential(2700));
  if (at >= CLOSE - HALF_HOUR) return [];
  const off = random.next();
  const level = Math.min(4, Math.max(2, 1 + worst + (off < 0.15 ? 1 : off > 0.75 ? -1 : 0)));
  const reason = reasonOf(effects, away, random.next());
  const role = ROLES[Math.floor(random.next() * ROLES.length)] ?? 'practice-manager';
  const chance = random.next();
  const until = chance < 0.3 ? null : chance < 0.7 ? CLOSE : Math.min(CLOSE, at + 4 * 3600);
  const declared: Declaration = { at, until, level, reason, role };
  const over = OPEN + (strain.findLastIndex((found) => found > 0) + 1) * HALF_HOUR;
  const stood = Math.floor(Math.max(over, at) + 1800 + random.exponential(3600));
  if (chance < 0.3 || random.next() < 0.5 || stood >= (until ?? CLOSE)) return [declared];
  return [declared, { at: stood, until, level: 1, reason: 'stood-down', role }];
}

/** 0 (as usual) to 3 for each half hour from 8am to 6:30pm. */
function strainByHalfHour(calls: PracticeCalls): number[] {
  const halves = (CLOSE - OPEN) / HALF_HOUR;
  const all = new Uint16Array(halves);
  const lost = new Uint16Array(halves);
  for (let i = 0; i < calls.count; i++) {
    const half = Math.floor(((calls.arrive[i] ?? 0) - OPEN) / HALF_HOUR);
    if (half < 0 || half >= halves) continue;
    all[half] = (all[half] ?? 0) + 1;
    if (calls.outcome[i] === MISSED || calls.outcome[i] === CALLBACK) lost[half] = (lost[half] ?? 0) + 1;
  }
  return Array.from({ length: halves }, (_, half) => {
    const count = all[half] ?? 0;
    if (count < LEAST_CALLS) return 0;
    return STRAINED.filter((share) => (lost[half] ?? 0) / count >= share).length;
  });
}

function reasonOf(effects: SiteEffects, away: number, chance: number): DeclaredReason {
  if (effects.phonesDown.length > 0) return 'telephony';
  if (away > 0.2)
    return effects.absences.some((event) => event.staff === 'reception') ? 'reception-staff' : 'clinical-staff';
  return chance < 0.85 ? 'demand' : 'unstated';
}

/** The declaration that stands at `wall`, or null. */
export function declaredAt(declarations: readonly Declaration[], wall: number): Declaration | null {
  const latest = declarations.findLast((declared) => declared.at <= wall);
  return latest && (latest.until === null || latest.until > wall) ? latest : null;
}
