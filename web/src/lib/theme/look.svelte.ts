import { createContext } from 'svelte';
import { chooseDensity, chooseTheme, currentDensity, currentTheme, type Density, type Theme } from './theme.ts';

/** How this browser wants its screens: one for the whole page, so that every switch says the same. */
export class Look {
  theme: Theme = $state.raw(currentTheme());
  density: Density = $state.raw(currentDensity());

  get otherTheme(): Theme {
    return this.theme === 'dark' ? 'light' : 'dark';
  }

  get otherDensity(): Density {
    return this.density === 'dense' ? 'comfortable' : 'dense';
  }

  swapTheme(): void {
    this.theme = this.otherTheme;
    chooseTheme(this.theme);
  }

  swapDensity(): void {
    this.density = this.otherDensity;
    chooseDensity(this.density);
  }
}

/** `provideLook` in the root layout, `useLook` in a switch. */
export const [useLook, provideLook] = createContext<Look>();
