import type { LeadLag } from '$shared/protocol/spread';

/** A curve as an SVG path in a box of `width` x `height`; correlation 1 at the top, -1 at the foot; gaps stay gaps. */
export function pathOf(curve: LeadLag['curve'], width: number, height: number): string {
  const last = Math.max(1, curve.length - 1);
  let path = '';
  let drawing = false;
  curve.forEach(([, value], i) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const x = Math.round((i / last) * width * 10) / 10;
    const y = Math.round(((1 - value) / 2) * height * 10) / 10;
    path += `${drawing ? 'L' : 'M'}${x} ${y}`;
    drawing = true;
  });
  return path;
}

/** Where a lag of `ms` lies along the curve, 0 to 1; null outside it. */
export function placeOf({ curve, step }: Pick<LeadLag, 'curve' | 'step'>, ms: number): number | null {
  const first = curve[0]?.[0];
  const last = curve.at(-1)?.[0];
  if (first === undefined || last === undefined || last === first) return null;
  const share = (ms / step - first) / (last - first);
  return share >= 0 && share <= 1 ? share : null;
}
