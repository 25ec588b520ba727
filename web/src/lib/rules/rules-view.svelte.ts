import { goto } from '$app/navigation';
import { page } from '$app/state';
import { withQuery } from '../format/query.ts';

type Name = 'draft' | 'version' | 'kind';

/** What is open on the rules screen; it lives in the address, so that a link restores exactly this view. */
export class RulesView {
  /** Draft that is being worked on. */
  get draft(): string | null {
    return page.url.searchParams.get('draft');
  }
  /** Earlier version that is looked at. */
  get version(): string | null {
    return page.url.searchParams.get('version');
  }
  /** Kind of site whose indicators are shown; null: all. */
  get kind(): string | null {
    return page.url.searchParams.get('kind');
  }

  show(changes: Partial<Record<Name, string | null>>): void {
    void goto(withQuery(page.url, changes), { replace: false, reset: false });
  }
}
