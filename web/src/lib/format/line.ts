/** SVG path through the values; a null breaks the line, a single value between two gaps becomes a dot-long stroke. */
export function linePath(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const point = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    path += drawing ? `L${point}` : `M${point}`;
    const alone = !drawing && (values[index + 1] ?? null) === null;
    if (alone) path += 'h0.1';
    drawing = true;
  });
  return path;
}
