/** The two themes people choose between; `wall` belongs to wall pages alone. */
export type Theme = 'dark' | 'light';
/** `dense`: rows and type one step tighter, on desktops only. */
export type Density = 'comfortable' | 'dense';

const THEME_KEY = 'headroom-theme';
const DENSITY_KEY = 'headroom-density';

export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

export function currentDensity(): Density {
  return document.documentElement.dataset['density'] === 'dense' ? 'dense' : 'comfortable';
}

/** Sets it for this page and keeps it for the next. `static/theme.js` reads the same keys before the first paint. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  keep(THEME_KEY, theme);
}

export function chooseDensity(density: Density): void {
  document.documentElement.dataset['density'] = density;
  keep(DENSITY_KEY, density);
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be refused (private windows, kiosk policies): the choice then holds for this page only.
  }
}
