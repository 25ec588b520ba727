import { DECLARED_REASONS } from '#shared/model/declared-reasons.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Declared } from '#shared/model/unit.ts';
import type { DeclaredReading } from '../domain/ports.ts';
import type { InstanceLayout } from './layout.ts';
import type { DeclaredState, SiteState } from './state.ts';
import type { World } from './world.ts';

/**
 * Takes in everything that a feed knows to be declared: its sites that are not named have stood down. Gives the sites
 * at which something changed.
 */
export function takeDeclared(world: World, instance: InstanceLayout, all: readonly DeclaredReading[]): number[] {
  const bySite = new Map(all.map((reading) => [reading.site, reading]));
  return instance.siteIndexes.filter((index) => {
    const state = world.sites[index];
    const id = world.layout.ids[index];
    if (!state || id === undefined) return false;
    return putDeclared(state, instance.index, bySite.get(id) ?? null);
  });
}

function putDeclared(state: SiteState, instance: number, reading: DeclaredReading | null): boolean {
  const before = state.declared.find((declared) => declared.instance === instance);
  const said = reading === null || reading.level === null ? null : reading;
  if (said === null && before === undefined) return false;
  if (said !== null && before !== undefined && sameReading(said, before.reading)) return false;
  const others = state.declared.filter((declared) => declared.instance !== instance);
  const own: DeclaredState[] = said === null ? [] : [{ instance, reading: said }];
  state.declared = [...others, ...own].sort((a, b) => a.instance - b.instance);
  return true;
}

const sameReading = (a: DeclaredReading, b: DeclaredReading): boolean =>
  a.level === b.level && a.reason === b.reason && a.by === b.by && a.at === b.at && a.until === b.until;

/** What stands declared at `at`: of the first feed that knows of something, until its own end. */
export function declaredNow(world: World, state: SiteState, at: EpochMs): Declared | null {
  const standing = state.declared.find(({ reading }) => reading.until > at)?.reading;
  if (!standing || standing.level === null) return null;
  const { level, reason, by } = standing;
  const [since, until] = [world.instant(standing.at), world.instant(standing.until)];
  return { level, reason: DECLARED_REASONS[reason], by, at: since, until };
}

/** Whether something that was declared has just ended; forgets it. */
export function endDeclared(state: SiteState, at: EpochMs): boolean {
  if (state.declared.length === 0) return false;
  const standing = state.declared.filter(({ reading }) => reading.until > at);
  if (standing.length === state.declared.length) return false;
  state.declared = standing;
  return true;
}
