/** Arithmetic of colours, for whoever must be sure that they can be read and told apart. */

export type ThemeName = 'light' | 'dark' | 'wall';
/** The three ways of seeing with one kind of cone missing. */
export type Sight = 'protanopia' | 'deuteranopia' | 'tritanopia';
type Triple = readonly [number, number, number];

/** The tokens of one theme as the cascade leaves them; throws for a name that the theme does not have. */
export function tokensOf(css: string, theme: ThemeName): (name: string) => string {
  const found = new Map<string, string>();
  const text = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  for (const [, selectors = '', body = ''] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!applies(selectors, theme)) continue;
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*([^;]+);/g)) found.set(name, value.trim());
  }
  return function read(name): string {
    const value = found.get(name);
    if (value === undefined) throw new Error(`no token --${name} in the ${theme} theme`);
    const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    return other === undefined ? value : read(other);
  };
}

function applies(selectors: string, theme: ThemeName): boolean {
  return selectors.split(',').some((selector) => {
    const wanted = selector.trim();
    if (/data-density/.test(wanted)) return false;
    if (wanted === ':root' || wanted === '[data-theme]') return true;
    if (wanted.includes(":where(:not([data-theme='light']))")) return theme !== 'light';
    return wanted === `[data-theme='${theme}']`;
  });
}

const channel = (hex: string, from: number) => parseInt(hex.slice(from, from + 2), 16) / 255;

/** Linear light of `#rrggbb`. */
function linear(hex: string): Triple {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new Error(`not a colour: ${hex}`);
  const light = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return [light(channel(hex, 1)), light(channel(hex, 3)), light(channel(hex, 5))];
}

function toHex(light: Triple): string {
  const part = (c: number) => {
    const clamped = Math.min(1, Math.max(0, c));
    const coded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(coded * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${light.map(part).join('')}`;
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Contrast as WCAG 2.2 counts it: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(linear(one)), luminance(linear(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

// Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
const MATRICES: Readonly<Record<Sight, readonly [Triple, Triple, Triple]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour as somebody sees it who lacks one kind of cone. */
export function seenAs(hex: string, sight: Sight): string {
  const [r, g, b] = linear(hex);
  const row = ([x, y, z]: Triple) => x * r + y * g + z * b;
  const [first, second, third] = MATRICES[sight];
  return toHex([row(first), row(second), row(third)]);
}

/** Lightness 0 to 100 (CIE L*): what is left in greyscale. */
export function greyOf(hex: string): number {
  return lab(linear(hex))[0];
}

/** How different two colours look (CIE 1976); about 2 is just noticeable. */
export function distance(one: string, other: string): number {
  const [a, b] = [lab(linear(one)), lab(linear(other))];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
