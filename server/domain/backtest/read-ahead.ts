import type { SampleBlock } from '../ports.ts';

/** So many samples may wait to be judged: about a day of Greater Manchester. */
const MOST_SAMPLES = 4_000_000;

/**
 * Reads on while what was read is being judged, as far as the judge lets others have their turn: database and judge then
 * work side by side. Order and faults are the source's.
 */
export async function* readAhead(source: AsyncIterable<SampleBlock>): AsyncGenerator<SampleBlock> {
  const waiting: SampleBlock[] = [];
  let samples = 0;
  let over = false;
  let left = false;
  let wake = Promise.withResolvers<undefined>();
  const stir = () => {
    wake.resolve(undefined);
    wake = Promise.withResolvers<undefined>();
  };
  const read = async () => {
    try {
      for await (const block of source) {
        waiting.push(block);
        samples += block.at.length;
        stir();
        while (samples > MOST_SAMPLES && !left) await wake.promise;
        if (left) return;
      }
    } finally {
      over = true;
      stir();
    }
  };
  const reading = read();
  // Told below, where it is waited for; until then it is nobody's.
  reading.catch(() => undefined);
  try {
    for (;;) {
      while (waiting.length === 0 && !over) await wake.promise;
      const blocks = waiting.splice(0);
      if (blocks.length === 0) break;
      for (const block of blocks) {
        samples -= block.at.length;
        yield block;
      }
      stir();
    }
    await reading;
  } finally {
    left = true;
    stir();
  }
}
