export interface PlaceRow {
  readonly id: string;
  readonly name: string;
  readonly odsCode?: string;
  readonly parent?: string;
  readonly illustrative?: boolean;
  readonly centre?: { readonly lat: number; readonly lon: number };
}
export interface NeighbourhoodRow {
  readonly id: string;
  readonly odsCode?: string;
  readonly name: string;
  readonly place: string;
  readonly illustrative?: boolean;
}

/** Places, neighbourhoods, and the one of them that each practice hangs under. */
export interface Hierarchy {
  readonly places: readonly PlaceRow[];
  readonly neighbourhoods: readonly NeighbourhoodRow[];
  readonly parentOf: ReadonlyMap<string, string>;
}
