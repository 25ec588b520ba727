import { redirect } from '@sveltejs/kit';

export const prerender = false;

/** A wall without a name shows the whole system. */
export function load(): never {
  redirect(307, '/wall/system');
}
