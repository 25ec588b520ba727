/** Screen pixels of a sixteenth of a rem: the type scale grows on large screens, and drawings with it. */
export const pixelOf = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** Where a pointer is along a plot that has a gutter on its left, 0 to 1; outside it null. `gutter` in sixteenths of a rem. */
export function shareAt(clientX: number, box: Pick<DOMRect, 'left' | 'width'>, gutter: number): number | null {
  const edge = gutter * pixelOf();
  const share = (clientX - box.left - edge) / (box.width - edge);
  return share < 0 || share > 1 ? null : share;
}

/** CSS length from the left of a figure to a share of its plot. */
export const leftOf = (share: number, gutter: number): string =>
  `calc(${gutter / 16}rem + (100% - ${gutter / 16}rem) * ${share})`;
