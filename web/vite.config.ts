import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const server = process.env['HEADROOM_SERVER'] ?? 'http://127.0.0.1:8080';

/** Static single-page build into `web/build`, served by the server itself: one process, one port. */
export default defineConfig({
  // Said here too: the build's later steps read this file again without the command's root.
  root: import.meta.dirname,
  resolve: { alias: { $shared: join(import.meta.dirname, '../shared') } },
  server: { proxy: { '/api': { target: server, ws: true }, '/socket.io': { target: server, ws: true } } },
  // Sixty small files are sixty questions before the first view: what most screens share comes in one. Nothing that
  // brings SvelteKit's own client along: bundled with ours it reloads for ever where there is no such screen.
  build: {
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /\/(shared|web\/src\/lib\/(format|live|theme|unit|control|api))\//,
              minShareCount: 5,
            },
          ],
        },
      },
    },
  },
  plugins: [
    sveltekit({
      adapter: adapter({ pages: join(import.meta.dirname, 'build'), fallback: 'any.html', precompress: true }),
      // A page kept by the service worker stands for every address.
      paths: { relative: false },
      compilerOptions: { runes: true },
      // The frames carry the server's build, and a page of another one reloads itself: no second way.
      version: { name: '1', pollInterval: 0 },
    }),
  ],
});
