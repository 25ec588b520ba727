import type { Attachment } from 'svelte/attachments';

const STOPS = 'a[href], button';

/** One tab stop for a whole list: arrow keys, Home and End move inside it. */
export const roving: Attachment<HTMLElement> = (list) => {
  const stops = () => [...list.querySelectorAll<HTMLElement>(STOPS)];

  const settle = () => {
    const all = stops();
    const current = all.find((stop) => stop === document.activeElement) ?? all.find((stop) => stop.tabIndex === 0);
    for (const stop of all) stop.tabIndex = stop === (current ?? all[0]) ? 0 : -1;
  };

  const keydown = (event: KeyboardEvent) => {
    const all = stops();
    const index = all.findIndex((stop) => stop === document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || index === -1) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, next))]?.focus();
  };

  settle();
  const watch = new MutationObserver(settle);
  watch.observe(list, { childList: true, subtree: true });
  list.addEventListener('keydown', keydown);
  list.addEventListener('focusin', settle);
  return () => {
    watch.disconnect();
    list.removeEventListener('keydown', keydown);
    list.removeEventListener('focusin', settle);
  };
};
