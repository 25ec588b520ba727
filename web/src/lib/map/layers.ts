/** What may be drawn over the map. */
export type Layer = 'hubs' | 'areas' | 'flows';

/** What is drawn unless an address says otherwise. */
const USUAL: readonly Layer[] = ['hubs'];

export function readLayers(text: string | null): ReadonlySet<string> {
  return new Set(text === null ? USUAL : text.split(',').filter((each) => each !== 'nothing'));
}

/** As an address holds them with one turned over; the usual ones are nothing. */
export function withLayer(layers: ReadonlySet<string>, layer: Layer): string | null {
  const next = new Set(layers);
  if (!next.delete(layer)) next.add(layer);
  const usual = next.size === USUAL.length && USUAL.every((each) => next.has(each));
  return usual ? null : [...next].sort().join(',') || 'nothing';
}
