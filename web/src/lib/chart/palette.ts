import type { Tone } from './types.ts';

/** Colours of a drawing, as CSS colour text, read from the theme's tokens. */
export interface Palette {
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly ground: string;
  readonly panel: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly band: string;
  readonly capacity: string;
  readonly held: string;
  readonly font: string;
  /** Ground and ink of unknown and the levels 1 to 4, by number. */
  readonly levels: readonly { readonly ground: string; readonly ink: string }[];
}

/** Reads the tokens as they apply to `element` now; call again when the theme changes. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token('--ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    ground: token('--ground'),
    panel: token('--panel'),
    line: token('--line'),
    lineStrong: token('--line-strong'),
    band: token('--normal-band'),
    capacity: token('--capacity'),
    held: token('--held'),
    font: token('--font') || 'Arial, sans-serif',
    levels: ['unknown', 'l1', 'l2', 'l3', 'l4'].map((name) => ({
      ground: token(`--${name}`),
      ink: token(`--${name}-ink`),
    })),
  };
}

const hatches = new Map<string, CanvasPattern | null>();

/** Diagonal hatch as a canvas pattern; one is kept per colour pair and pixel density. */
function hatch(fore: string, back: string, density: number): CanvasPattern | string {
  const key = `${fore}|${back}|${density}`;
  if (!hatches.has(key)) {
    const size = Math.round(5 * density);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const pen = canvas.getContext('2d');
    if (pen) {
      if (back !== 'transparent') {
        pen.fillStyle = back;
        pen.fillRect(0, 0, size, size);
      }
      pen.strokeStyle = fore;
      pen.lineWidth = 1.5 * density;
      pen.beginPath();
      for (const shift of [-size, 0, size]) {
        pen.moveTo(shift, 0);
        pen.lineTo(shift + size, size);
      }
      pen.stroke();
    }
    const pattern = pen?.createPattern(canvas, 'repeat') ?? null;
    pattern?.setTransform(new DOMMatrix().scale(1 / density));
    hatches.set(key, pattern);
  }
  return hatches.get(key) ?? fore;
}

/** Hatching that what lies beneath can be seen through: the interval of a forecast. */
export function hatchOver(palette: Palette, density: number): CanvasPattern | string {
  return hatch(palette.lineStrong, 'transparent', density);
}

/** Fill of a bar in this tone. */
export function fillOf(tone: Tone, palette: Palette, density: number): CanvasPattern | string {
  if (tone === 'hatch') return hatch(palette.ink2, palette.panel, density);
  if (tone === 'hollow') return palette.panel;
  return strokeOf(tone, palette);
}

/** Line colour of this tone. */
export function strokeOf(tone: Tone, palette: Palette): string {
  switch (tone) {
    case 'ink':
      return palette.ink;
    case 'ink-2':
    case 'hatch':
      return palette.ink2;
    case 'ink-3':
    case 'hollow':
      return palette.ink3;
    case 'quiet':
      return palette.lineStrong;
    case 'faint':
      return palette.line;
    case 'capacity':
      return palette.capacity;
    case 'held':
      return palette.held;
  }
}

/** Calls back when the theme may have changed, by attribute by the system's preference or on the way to paper; returns the way out. */
export function onThemeChange(callback: () => void): () => void {
  const watcher = new MutationObserver(callback);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', 'print'].map((q) => matchMedia(q));
  for (const query of queries) query.addEventListener('change', callback);
  return () => {
    watcher.disconnect();
    for (const query of queries) query.removeEventListener('change', callback);
  };
}
