import { describe, expect, it } from 'vitest';
import { cacheName, markKept, wayOf, type Asked } from './ways.ts';

const HERE = 'http://127.0.0.1:8080';
const KEPT = new Set(['/_app/immutable/entry.AbC.js', '/theme.js']);
const way = (path: string, given: Partial<Asked> = {}) =>
  wayOf({ method: 'GET', mode: 'cors', cache: 'default', url: `${HERE}${path}`, ...given }, HERE, KEPT);

describe('what the service worker answers', () => {
  it.each(['/api/board', '/api/system', '/api', '/socket.io/?EIO=4', '/metrics'])('never what is live: %s', (path) => {
    expect(way(path)).toBe('none');
    expect(way(path, { mode: 'navigate' })).toBe('none');
  });

  it('pages, for the time without a network', () => {
    expect(way('/', { mode: 'navigate' })).toBe('page');
    expect(way('/units/P1?at=2026-01-12T09:15:00Z', { mode: 'navigate' })).toBe('page');
  });

  it('files of its own build, and no others', () => {
    expect(way('/_app/immutable/entry.AbC.js')).toBe('kept');
    expect(way('/_app/immutable/entry.Other.js')).toBe('none');
    expect(way('/geo/sefton.json')).toBe('none');
  });

  it('nobody who asks past caches, as a wall does that wants to know whether the server is there', () => {
    expect(way('/theme.js', { cache: 'no-store' })).toBe('none');
    expect(way('/', { mode: 'navigate', cache: 'reload' })).toBe('none');
  });

  it('no other method and no other site', () => {
    expect(way('/theme.js', { method: 'POST' })).toBe('none');
    expect(way('', { url: 'https://elsewhere.example/theme.js' })).toBe('none');
  });
});

describe('what is kept', () => {
  it('has another name for another build, in whatever order its files are listed', () => {
    expect(cacheName(['b', 'a'])).toBe(cacheName(['a', 'b']));
    expect(cacheName(['a', 'b'])).not.toBe(cacheName(['a', 'c']));
  });

  it('says of a page that it was kept', () => {
    expect(markKept('<!doctype html>\n<html lang="en-GB">')).toBe('<!doctype html>\n<html data-kept lang="en-GB">');
  });
});
