import { createContext } from 'svelte';
import type { DraftBook } from './draft-book.svelte.ts';

/** The draft that the fields beneath write into; null: the rules are only looked at. */
export const [getDraft, provideDraft] = createContext<{ readonly current: DraftBook | null }>();
