import type { Attachment } from 'svelte/attachments';

/** Real milliseconds in which whoever still presses the button before has not read this one. */
export const CALM_MS = 400;

/** Goes onto what has just come: for a moment it can be pressed by nobody, so that a double touch decides nothing. */
export const calmAtFirst: Attachment<HTMLElement> = (element) => {
  const cameMs = performance.now();
  const swallow = (event: Event) => {
    if (performance.now() - cameMs >= CALM_MS) return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('click', swallow, { capture: true });
  return () => element.removeEventListener('click', swallow, { capture: true });
};
