import { describe, expect, it } from 'vitest';
import type { Screen, ScreenSettings } from '$shared/protocol/screens';
import { draftOf, endingAt, moved, newDraft, newScene, settingsOf, withMessage, wrongIn } from './compose.ts';
import { asCode, inThrees, nextCode, strangers } from './pair-words.ts';
import { differences, screensSentence, wallState } from './wall-words.ts';

const SETTINGS: ScreenSettings = {
  name: 'Lobby',
  unit: 'small',
  scenes: [
    { kind: 'system', seconds: 20 },
    { kind: 'map', seconds: 12 },
    { kind: 'hubs', seconds: 12 },
  ],
  paused: false,
  night: null,
};
const SEEN = {
  agoMs: 2000,
  build: 'b',
  scene: 'system',
  frameAt: null,
  width: 1920,
  height: 1080,
  visible: true,
} as const;
const screen = (name: string, state: Screen['state'], change: Partial<Screen> = {}): Screen => ({
  id: name,
  settings: { ...SETTINGS, name },
  revision: 1,
  pairedAt: '2026-01-12T08:00:00Z',
  pairedBy: 'me',
  revokedAt: null,
  seen: state === 'never' ? null : SEEN,
  state,
  old: false,
  ...change,
});

describe('a pairing code', () => {
  it('is read however it was typed, and says which letters it cannot have', () => {
    expect(asCode(' k7m-4hx ')).toBe('K7M4HX');
    expect(inThrees('K7M4HX')).toBe('K7M 4HX');
    expect(asCode('K7M4HXK7M')).toBe('K7M4HX');
    expect(strangers('k0m oo')).toEqual(['0', 'O']);
  });

  it('says in whole minutes when the next one comes, in seconds at the end', () => {
    expect([nextCode(599_000), nextCode(60_000), nextCode(41_000), nextCode(0)]).toEqual([
      'New code in 9 min',
      'New code in 1 min',
      'New code in 41 s',
      'New code now',
    ]);
  });
});

describe('a wall that is composed', () => {
  it('goes out as it came in', () => {
    expect(settingsOf(draftOf(SETTINGS))).toEqual(SETTINGS);
  });

  it('moves scenes by one place, and not beyond either end', () => {
    const { scenes } = draftOf(SETTINGS);
    const [first, , last] = scenes;
    const kinds = (by: -1 | 1, key = 0) => moved(scenes, key, by).map(({ kind }) => kind);
    expect(kinds(1, first?.key)).toEqual(['map', 'system', 'hubs']);
    expect(kinds(-1, last?.key)).toEqual(['system', 'hubs', 'map']);
    expect(kinds(-1, first?.key)).toEqual(['system', 'map', 'hubs']);
    expect(kinds(1, last?.key)).toEqual(['system', 'map', 'hubs']);
  });

  it('says what is missing before it is sent', () => {
    expect(wrongIn(newDraft('small'))).toEqual({ name: 'Give it a name: where it hangs.' });
    const draft = { ...draftOf(SETTINGS), scenes: [newScene('message')] };
    expect(wrongIn(draft).scenes).toMatch(/what the message says/);
    const night = { from: '20:00', to: '20:00', dim: 0.4 };
    expect(wrongIn({ ...draftOf(SETTINGS), night }).night).toMatch(/two different times/);
    const quick = draftOf({ ...SETTINGS, scenes: [{ kind: 'map', seconds: 2 }] });
    expect(wrongIn(quick).scenes).toMatch(/6 to 600 seconds/);
  });

  it('has a message leave at its time or stay', () => {
    const message = { ...newScene('message'), text: 'Fire drill' };
    const ending = endingAt(message, '2026-01-12T10:00:00Z');
    expect(ending).toEqual({ ...message, until: '2026-01-12T10:00:00Z' });
    expect(endingAt(ending, undefined)).toEqual(message);
  });

  it('puts a message first, and makes room by an older message before anything else', () => {
    const once = withMessage(SETTINGS, 'One', null, 4);
    expect(once.scenes.map(({ text, kind }) => text ?? kind)).toEqual(['One', 'system', 'map', 'hubs']);
    const twice = withMessage(once, 'Two', null, 4);
    expect(twice.scenes.map(({ text, kind }) => text ?? kind)).toEqual(['Two', 'system', 'map', 'hubs']);
    const full = withMessage(SETTINGS, 'One', null, 3);
    expect(full.scenes.map(({ text, kind }) => text ?? kind)).toEqual(['One', 'system', 'map']);
  });
});

describe('what is said of walls', () => {
  it('names those that are not well, by what is wrong', () => {
    const walls = [screen('A', 'live'), screen('B', 'never'), screen('C', 'silent'), screen('D', 'never')];
    expect(screensSentence(walls, 58_000)).toBe(
      '**C** has said nothing for 1 min; **B** and **D** have not been heard yet; **1 of 4** live.',
    );
    expect(screensSentence([screen('A', 'live'), screen('B', 'revoked')], 0)).toBe('The one wall is live.');
    expect(screensSentence([screen('A', 'live', { old: true }), screen('B', 'live')], 0)).toBe(
      '**A** runs an older version; all **2 walls** are live.',
    );
    expect(screensSentence([], 0)).toMatch(/^No wall is paired/);
    const many = ['E', 'F', 'G', 'H', 'I'].map((name) => screen(name, 'never'));
    expect(screensSentence(many, 0)).toMatch(/^\*\*E\*\*, \*\*F\*\*, \*\*G\*\* and 2 more have not/);
  });

  it('counts silence on while the list grows old', () => {
    expect(wallState(screen('A', 'silent', { seen: { ...SEEN, agoMs: 60_000 } }), 60_000)).toBe('Silent for 2 min');
    expect(wallState(screen('A', 'live', { seen: { ...SEEN, visible: false } }), 0)).toMatch(/hidden/);
  });

  it('tells what somebody else has changed, and nothing else', () => {
    const after = { ...SETTINGS, paused: true, unit: 'N1', scenes: [{ kind: 'map', seconds: 90 }] } as const;
    expect(differences(SETTINGS, { ...after, scenes: [...after.scenes] }, (id) => `unit ${id}`)).toEqual([
      'it shows unit N1',
      'it is paused',
      'its scenes are Map 90 s',
    ]);
    expect(differences(SETTINGS, SETTINGS, String)).toEqual([]);
  });
});
