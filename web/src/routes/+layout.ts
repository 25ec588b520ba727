/** Live screens only: nothing is rendered on a server, one fallback page serves every address. */
export const ssr = false;
export const prerender = false;
