import type { Attachment } from 'svelte/attachments';

/**
 * The inner size of an element in CSS px: 0 until it is laid out, known before its first picture. What binds
 * `clientWidth` asks for it while the page is being built, and has the page laid out once more for that.
 */
export class Sized {
  width = $state.raw(0);
  height = $state.raw(0);

  /** Goes onto the element. */
  readonly measure: Attachment<HTMLElement> = (element) => {
    const observer = new ResizeObserver(() => {
      this.width = element.clientWidth;
      this.height = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
