/** The two themes people choose between; `wall` belongs to wall pages alone. */
export type Theme = 'dark' | 'light';
const KEY = 'headroom-theme';

export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

/** Sets it for this page and keeps it for the next. `static/theme.js` reads the same key before the first paint. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be refused (private windows, kiosk policies): the choice then holds for this page only.
  }
}
