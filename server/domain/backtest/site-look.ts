import type { EpochMs } from '#shared/model/time.ts';
import { isPaired, moveFences, setFences } from './fences.ts';
import type { Plan, PlanSite } from './plan.ts';
import { close, fades, holds, read, rescore, turns, waits } from './side.ts';
import type { SiteState } from './site-state.ts';

/** Looks at one site for all sides at once. `changed`: places of metrics that may have changed a verdict; emptied by a look. */
export function createLook(plan: Plan, site: PlanSite, state: SiteState, changed: number[]) {
  const { readings, fences, sides } = state;
  /** Calls on each side with what it is judged by. */
  const each = (look: (side: (typeof sides)[number], rules: Plan['rules'][number]) => void) => {
    for (let i = 0; i < sides.length; i += 1) {
      const [own, rules] = [sides[i], plan.rules[i]];
      if (own && rules) look(own, rules);
    }
  };
  return {
    /** One evaluation; true where a rise now waits for its next reading. `tick`: a full minute; `all`: judged anew whatever changed. */
    evaluate(at: EpochMs, minute: number, fresh: boolean, tick: boolean, all: boolean): boolean {
      const now = { at, minute };
      let [whole, moved, waiting] = [all, false, false];
      for (let i = 0; i < sides.length; i += 1) {
        const [own, side, rules] = [sides[i], site.sides[i], plan.rules[i]];
        if (!own || !side || !rules) continue;
        const due = all || (tick && (side.edges.has(minute) || holds(own)));
        const anew = due || turns(site, side, own, readings, changed, now);
        // What it was judged at stood until now.
        if (anew && !all) read(own, at - 1, false, rules);
        if (anew) rescore(site, side, own, readings, now, rules);
        if (anew || (fresh && waits(own, rules))) read(own, at, fresh, rules);
        whole ||= due;
        moved ||= anew;
        waiting ||= waits(own, rules);
      }
      if (whole) setFences(site, readings, sides, fences);
      else {
        for (const place of changed) {
          if (moved || isPaired(site, place)) moveFences(site, readings, sides, fences, place);
        }
      }
      changed.length = 0;
      return waiting;
    },
    /** Whether time itself has something judged anew at this minute of the wall clock. */
    due(minute: number): boolean {
      for (let i = 0; i < sides.length; i += 1) {
        const own = sides[i];
        if (own && (holds(own) || site.sides[i]?.edges.has(minute) === true)) return true;
      }
      return false;
    },
    /** A level whose time is over by `at` has gone by then; true where one had to be looked at. */
    settle(at: EpochMs): boolean {
      let looked = false;
      for (let i = 0; i < sides.length; i += 1) {
        const [own, rules] = [sides[i], plan.rules[i]];
        if (!own || !rules || !fades(own, at, rules)) continue;
        read(own, at, false, rules);
        looked = true;
      }
      return looked;
    },
    /** What it was last judged at stood until `at`, when judging leaves off. */
    leave: (at: EpochMs) => each((own, rules) => read(own, at, false, rules)),
    close: (at: EpochMs) => each((own, rules) => close(own, at, rules)),
  };
}
