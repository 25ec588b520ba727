import type { Redirection } from '$shared/protocol/redirections';
import { phaseOf } from './phases.ts';

/** A place's proposals for patients who can wait, in one line. */
export interface Fold {
  readonly id: string;
  readonly name: string;
  readonly proposals: number;
  readonly slots: number;
  readonly open: boolean;
}
export type ListItem =
  | { readonly id: string; readonly fold: Fold; readonly redirection?: undefined }
  | { readonly id: string; readonly redirection: Redirection; readonly fold?: undefined };

/** So few are shown one by one. */
const FEW = 5;

export const isUrgent = ({ placed }: Pick<Redirection, 'placed'>): boolean => (placed.urgent ?? 0) > 0;

/**
 * Rows of the list. Proposals that place no urgent patient stand in one line a place, after the urgent ones, which opens;
 * `selected` is shown however its place stands. Few of them stand as they are.
 */
export function folded(
  rows: readonly Redirection[],
  given: {
    readonly selected: string | null;
    readonly open: ReadonlySet<string>;
    placeOf(unit: string): { readonly id: string; readonly name: string };
  },
): ListItem[] {
  const whole = (redirection: Redirection): ListItem => ({ id: redirection.id, redirection });
  const patient = rows.filter((each) => phaseOf(each) === 'open' && !isUrgent(each));
  if (patient.length <= FEW) return rows.map(whole);
  const others = rows.filter((each) => !patient.includes(each));
  const urgent = others.filter((each) => phaseOf(each) === 'open');
  const byPlace = Map.groupBy(patient, ({ unit }) => given.placeOf(unit).id);
  const folds = [...byPlace].flatMap(([place, mine]): ListItem[] => {
    const id = `place ${place}`;
    const open = given.open.has(place);
    const name = given.placeOf(mine[0]?.unit ?? '').name;
    const slots = mine.reduce((sum, each) => sum + each.slots, 0);
    const shown = open ? mine : mine.filter((each) => each.id === given.selected);
    return [{ id, fold: { id: place, name, proposals: mine.length, slots, open } }, ...shown.map(whole)];
  });
  return [...urgent.map(whole), ...folds, ...others.filter((each) => !urgent.includes(each)).map(whole)];
}

/** `12 place urgent patients · 78 more are for patients who can wait`; empty where there are none. */
export function sayBoth(rows: readonly Redirection[]): string {
  const open = rows.filter((each) => phaseOf(each) === 'open');
  const urgent = open.filter(isUrgent).length;
  const others = open.length - urgent;
  if (open.length === 0) return '';
  const first = `${urgent === 0 ? 'none' : urgent} for urgent patients`;
  return others === 0 ? first : `${first} · ${others}${urgent === 0 ? '' : ' more'} for patients who can wait`;
}
