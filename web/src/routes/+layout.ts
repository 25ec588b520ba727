/** Live screens only: nothing is rendered on a server. Each screen has a page of its own that names all its files at once. */
export const ssr = false;
export const prerender = true;
