import type { Redirection } from '$shared/protocol/redirections';
import { phaseOf } from './phases.ts';

/** In one line: a place's proposals for patients who can wait, or what nobody answered in time. */
export interface Fold {
  readonly kind: 'can-wait' | 'unanswered';
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

const isUnanswered = ({ state, decidedAt }: Redirection): boolean => state === 'expired' && decidedAt === null;

export const isUrgent = ({ placed }: Pick<Redirection, 'placed'>): boolean => (placed.urgent ?? 0) > 0;

/**
 * Rows of the list. Proposals that place no urgent patient stand in one line a place, after the urgent ones, which opens;
 * so does, last of all, what nobody answered. `selected` is shown however its line stands. Few of them stand as they are.
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
  const foldOf = (kind: Fold['kind'], id: string, name: string, mine: readonly Redirection[]): ListItem[] => {
    const open = given.open.has(id);
    const slots = mine.reduce((sum, each) => sum + each.slots, 0);
    const shown = open ? mine : mine.filter((each) => each.id === given.selected);
    return [
      { id: `${kind} ${id}`, fold: { kind, id, name, proposals: mine.length, slots, open } },
      ...shown.map(whole),
    ];
  };
  const ifMany = (found: readonly Redirection[]) => (found.length > FEW ? found : []);
  const canWait = ifMany(rows.filter((each) => phaseOf(each) === 'open' && !isUrgent(each)));
  const unanswered = ifMany(rows.filter(isUnanswered));
  const single = rows.filter((each) => !canWait.includes(each) && !unanswered.includes(each));
  const isOpen = (each: Redirection) => phaseOf(each) === 'open';
  const byPlace = [...Map.groupBy(canWait, ({ unit }) => given.placeOf(unit).id)];
  return [
    ...single.filter(isOpen).map(whole),
    ...byPlace.flatMap(([id, mine]) => foldOf('can-wait', id, given.placeOf(mine[0]?.unit ?? '').name, mine)),
    ...single.filter((each) => !isOpen(each)).map(whole),
    ...(unanswered.length > 0 ? foldOf('unanswered', 'unanswered', '', unanswered) : []),
  ];
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
