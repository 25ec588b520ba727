/** Where a usual value comes from: its own past, peers of like size and deprivation, the published months. */
export const NORMAL_SOURCES = ['own', 'peers', 'published'] as const;
export type NormalSource = (typeof NORMAL_SOURCES)[number];
