import type { Attachment } from 'svelte/attachments';

/** One tab stop for all of a list that `selector` finds: arrow keys, Home and End move between them. */
export const rovingOver =
  (selector: string): Attachment<HTMLElement> =>
  (list) => {
    const stops = () => [...list.querySelectorAll<HTMLElement>(selector)];

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

/** One tab stop for a whole list of links and buttons. */
export const roving = rovingOver('a[href], button');
