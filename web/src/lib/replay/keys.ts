/** Minutes that a key moves the handle of the day, beside its own single minute by arrow; null: not one of these keys. */
export function minutesOf({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): number | null {
  if (key === 'PageUp') return 60;
  if (key === 'PageDown') return -60;
  if (!shiftKey) return null;
  if (key === 'ArrowRight' || key === 'ArrowUp') return 15;
  return key === 'ArrowLeft' || key === 'ArrowDown' ? -15 : null;
}
