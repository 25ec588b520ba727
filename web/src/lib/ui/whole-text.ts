/** Cut text stands at most this many elements above what the pointer is on. */
const UP = 5;

/** Titles that stand only while their text is cut. */
const told = new WeakSet<Element>();

const hides = (value: string) => value === 'hidden' || value === 'clip';

/** A line box is a little higher than its letters: only a whole line more counts. */
function isCut(element: Element): boolean {
  const { overflowX, overflowY } = getComputedStyle(element);
  return (
    (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
    (hides(overflowY) && element.scrollHeight > element.clientHeight + 6)
  );
}

function tell(target: Element): void {
  let up: Element | null = target;
  for (let i = 0; up instanceof HTMLElement && up !== document.body && i < UP; i += 1, up = up.parentElement) {
    const own = told.has(up);
    if (up.title && !own) return;
    const text = up.innerText.trim();
    if (text && isCut(up)) {
      up.title = text.replace(/\s+/g, ' ');
      told.add(up);
      return;
    }
    if (own) up.removeAttribute('title');
  }
}

/** Text that is cut off says the whole of itself as a title when the pointer comes to it. Returns the way out. */
export function tellWholeText(root: HTMLElement): () => void {
  const over = ({ target }: PointerEvent) => {
    if (target instanceof Element) tell(target);
  };
  root.addEventListener('pointerover', over);
  return () => root.removeEventListener('pointerover', over);
}
