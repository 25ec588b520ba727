// In a file of their own, so that a page can know the names without loading the schema library.

/** Six characters in two threes, without look-alikes and without vowels. */
export const PAIRING_ALPHABET = '34679CDFGHJKMNPRTVWXY';
export const PAIRING_CODE = `^[${PAIRING_ALPHABET}]{6}$`;

export const SCENE_KINDS = ['system', 'matrix', 'map', 'hubs', 'out-of-hours', 'worst-five', 'message'] as const;
export type SceneKind = (typeof SCENE_KINDS)[number];
/** What one wall's rotation may hold, and how long a scene may stand, in seconds. */
export const MOST_SCENES = 12;
export const SCENE_SECONDS = { least: 6, most: 600 } as const;
export const MOST_NAME = 60;
export const MOST_MESSAGE = 140;
/** Shares of full brightness. */
export const LEAST_BRIGHT = 0.15;
