import { createContext } from 'svelte';
import type { DraftBook } from './draft-book.svelte.ts';

interface DraftContext {
  /** The draft that the fields beneath write into; null: the rules are only looked at. */
  current(): DraftBook | null;
  /** The rules in force, beside which changed fields say what they were; null while not known. */
  published(): unknown;
}

export const [getDraft, provideDraft] = createContext<DraftContext>();
