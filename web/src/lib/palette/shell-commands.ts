import type { Live } from '../live/live.svelte.ts';
import type { Steering } from '../replay/steering.svelte.ts';
import type { Look } from '../theme/look.svelte.ts';
import type { UndoDesk } from '../ui/undo.svelte.ts';
import type { Command } from './commands.svelte.ts';

interface Shell {
  readonly live: Live;
  readonly steering: Steering;
  readonly look: Look;
  readonly desk: UndoDesk;
}

/** What can be done on every screen. */
export function shellCommands({ live, steering, look, desk }: Shell): readonly Command[] {
  const hindered = live.now === null ? 'Nothing has come from the server yet' : '';
  const replay: Command = live.replay
    ? { id: 'live', name: 'Back to live', words: 'replay leave now', run: () => steering.leave() }
    : {
        id: 'replay',
        name: 'Replay an hour ago',
        note: 'or type a time, such as 9:15am',
        words: 'past history back',
        hindered,
        run: () => void steering.begin(),
      };
  return [
    replay,
    {
      id: 'copy-link',
      name: 'Copy a link to this view',
      words: 'share address url',
      run: () => void copyLink(desk),
    },
    { id: 'print', name: 'Print this view', words: 'paper pdf save', run: () => window.print() },
    {
      id: 'theme',
      name: `Change to the ${look.otherTheme} theme`,
      words: 'light dark colour appearance',
      run: () => look.swapTheme(),
    },
    {
      id: 'density',
      name: look.density === 'dense' ? 'Change to comfortable rows' : 'Change to dense rows',
      words: 'density compact spacing tight comfortable',
      run: () => look.swapDensity(),
    },
  ];
}

async function copyLink(desk: UndoDesk): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    desk.say('The link to this view is copied.');
  } catch {
    // Without permission, or on an address that is not secure, the browser gives no clipboard.
    desk.say(`This browser does not let pages copy. The link: ${location.href}`, true);
  }
}
