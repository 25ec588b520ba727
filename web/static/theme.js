// Runs before the first paint, so that no screen flashes in the wrong theme. The same rules live in lib/theme/theme.ts.
(() => {
  const asked = new URLSearchParams(location.search).get('theme');
  let stored = null;
  let density = null;
  try {
    stored = localStorage.getItem('headroom-theme');
    density = localStorage.getItem('headroom-density');
  } catch {
    // Storage may be refused; the system's preference then decides.
  }
  const wanted = asked ?? stored;
  const theme =
    wanted === 'light' || wanted === 'dark' || wanted === 'wall'
      ? wanted
      : matchMedia('(prefers-color-scheme: light)').matches
        ? 'light'
        : 'dark';
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = density === 'dense' ? 'dense' : 'comfortable';
})();
