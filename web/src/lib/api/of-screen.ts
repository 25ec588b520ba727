import { isScreenId, SCREEN_HEADER } from '$shared/protocol/names';

/** Id of the paired wall whose page this is, by its address; null on every other page. */
export function thisScreen(): string | null {
  const [, id = ''] = /^\/wall\/([^/]+)\/?$/.exec(globalThis.location?.pathname ?? '') ?? [];
  return isScreenId(id) ? id : null;
}

/** Headers by which a wall's page says that it acts as that wall; its cookie alone does not say so. */
export function ofScreen(): Record<string, string> {
  const id = thisScreen();
  return id === null ? {} : { [SCREEN_HEADER]: id };
}
