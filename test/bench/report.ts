/** One measurement as `npm run bench` prints it: the baseline is of the same run, the ratio is value / baseline. */
export function report(name: string, value: number, unit: string, baseline: number): void {
  const ratio = baseline === 0 ? null : Number((value / baseline).toPrecision(3));
  const round = (x: number) => Number(x.toPrecision(4));
  console.log(JSON.stringify({ name, value: round(value), unit, baseline: round(baseline), ratio }));
}
